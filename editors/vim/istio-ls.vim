" istio-ls for Vim with ALE: add this to ~/.vimrc.
filetype plugin on
packadd ale
call ale#linter#Define('yaml', {
  \ 'name': 'istio-ls',
  \ 'lsp': 'stdio',
  \ 'executable': 'istio-ls',
  \ 'command': '%e',
  \ 'project_root': {buffer -> fnamemodify(finddir('.git', expand('#' . buffer . ':p:h') . ';'), ':p:h:h')},
  \ })
let g:ale_linters = extend(get(g:, 'ale_linters', {}), {'yaml': ['istio-ls']})
