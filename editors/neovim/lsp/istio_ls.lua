-- istio-ls for Neovim 0.11 and later: put this folder's parent on 'runtimepath', then `vim.lsp.enable("istio_ls")`.
---@type vim.lsp.Config
return {
  cmd = { "istio-ls" },
  filetypes = { "yaml" },
  root_markers = { "istio-ls.yaml", ".git" },
}
