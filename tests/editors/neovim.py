"""Drives the screen of a real Neovim in tmux, with its own keys. Run by `tests/editors/run`, in a copy of `workspace/`."""

import os

from term import Term, passed, wait_for_file

neovim = os.environ["EDITOR_PROGRAM"]
start = (
    "set noswapfile completeopt=menuone,noselect rtp^=$NEOVIM_CONFIG"
    " | lua vim.api.nvim_create_autocmd('LspAttach', { callback = function(of)"
    " vim.lsp.completion.enable(true, of.data.client_id, of.buf, { autotrigger = true }) end })"
    " vim.lsp.enable('istio_ls') vim.diagnostic.config({ virtual_text = { source = true } })"
)

with Term(neovim, "--clean", "--cmd", start, "routes.yaml") as term:
    term.wait("VirtualService")
    term.capture("neovim-finding", r"E\s+- match.*istio-ls")
    passed("the finding stands behind its line")

    term.type("10Gfp"), term.type("K")
    term.capture("neovim-hover", r"ingress/public.*Gateway.*public")
    passed("K shows the Gateway")

    term.type("jk12G0fp"), term.type("gra")
    term.capture("neovim-fix", r"(?i)(use|replace)[^\n]*ingress/public")
    term.type("1"), term.keys("Enter")
    term.wait(r"gateways: \[ingress/public\]")
    passed("gra applies the fix")

    term.type(":write"), term.keys("Enter")
    wait_for_file("routes.yaml", "Größe 😀, gateways: [ingress/public]}]")
    passed("the file is right")

    term.type(":edit cart.yaml"), term.keys("Enter"), term.wait("cart.example.com")
    term.type("12GS"), term.type("- ingress/")
    term.capture("neovim-completion", r"- ingress/\s*\n[^\n]*ingress/inner")
    term.keys("C-n"), term.keys("C-y"), term.keys("Escape")
    term.type(":write"), term.keys("Enter")
    wait_for_file("cart.yaml", "    - ingress/public\n    - ingress/inner\n  http:\n")
    passed("completion comes up while a name is typed")

    term.type("16Gfc:IstioTls"), term.keys("Enter")
    term.capture("neovim-tls", r"[╭┌─│].*cart")
    passed(":IstioTls shows what is on the wire")
    term.keys("Escape"), term.type(":silent! only!"), term.keys("Enter")

    term.type(":checkhealth vim.lsp"), term.keys("Enter")
    term.wait("istio_ls")
    passed("checkhealth names the client")
    term.type(":qall!"), term.keys("Enter")
