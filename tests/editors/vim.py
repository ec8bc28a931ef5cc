"""Drives a real Vim with ALE in tmux. Run by `tests/editors/run`, in a copy of `workspace/`."""

import os

from term import Term, passed, wait_for_file

start = "set nocompatible noswapfile viminfo= encoding=utf-8 | let g:ale_linters_explicit = 1 | let g:ale_hover_cursor = 0"

with Term(os.environ["EDITOR_PROGRAM"], "-u", os.environ["VIM_CONFIG"], "--cmd", start, "routes.yaml") as term:
    term.wait(r">>.*pubilc")
    passed("a mark stands in the gutter")

    term.type(":12"), term.keys("Enter"), term.type("fp")
    term.capture("vim-finding", r"no Gateway ingress/pubilc")
    passed("the finding is told")

    term.type(":10"), term.keys("Enter"), term.type("fp")
    term.type(":ALEHover"), term.keys("Enter")
    term.wait(r"ingress/public.*Gateway")
    passed("hover shows the Gateway")
    term.keys("Escape"), term.type(":silent! pclose"), term.keys("Enter")

    # ALE 3.3 takes a position's character for a byte, so its edits go wrong behind anything but ASCII.
    term.type(":12s/Größe 😀/size/"), term.keys("Enter")
    term.wait(r"name: size")
    term.type(":12"), term.keys("Enter"), term.type("0fp")
    term.type(":ALECodeAction"), term.keys("Enter")
    term.wait(r"(?i)1[^\n]*(use|replace)[^\n]*ingress/public")
    term.type("1"), term.keys("Enter")
    term.wait(r"gateways: \[ingress/public\]")
    passed("the fix is applied")

    term.type(":write"), term.keys("Enter")
    wait_for_file("routes.yaml", "size, gateways: [ingress/public]}]")
    passed("the file is right")

    term.type(":10"), term.keys("Enter"), term.type("0fp")
    term.type(":ALERename"), term.keys("Enter"), term.wait("New name")
    term.keys("C-u"), term.type("edge"), term.keys("Enter")
    term.wait("- ingress/edge")
    wait_for_file("gateway.yaml", "  name: edge\n")
    wait_for_file("cart.yaml", "    - ingress/edge\n")
    passed("a rename reaches other files")

    term.type(":silent! wall"), term.keys("Enter")
    term.type(":10"), term.keys("Enter"), term.type("0fe")
    term.type(":ALEGoToDefinition"), term.keys("Enter")
    term.wait(r"kind: Gateway.*name: edge")
    passed("definition leads to the Gateway's file")
    term.type(":qall!"), term.keys("Enter")
