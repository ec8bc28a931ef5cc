"""Drives a real Helix in tmux. Run by `tests/editors/run`, in a copy of `workspace/`."""

import os
import subprocess

from term import Term, passed, wait_for_file

helix = os.environ["EDITOR_PROGRAM"]

health = subprocess.run([helix, "--health", "yaml"], capture_output=True, text=True, timeout=20, check=True)
assert "istio-ls" in health.stdout, health.stdout + health.stderr
passed("hx --health names the server")

with Term(helix, "-vv", "--log", os.path.expanduser("~/helix.log"), "routes.yaml") as term:
    term.wait("VirtualService")
    term.wait("●")
    passed("a mark stands in the gutter")

    term.type(":12"), term.keys("Enter")
    term.type("glhhh")  # onto the name, where Helix shows the message
    term.capture("helix-finding", "unknown-gateway")
    passed("the finding is shown with its rule")

    term.type(":10"), term.keys("Enter")
    term.type("glhhh")
    term.keys("Space"), term.wait("Space"), term.keys("k")
    term.capture("helix-hover", r"ingress/public.*Gateway.*public")
    term.keys("Escape"), term.wait("Gateway ingress/public", absent=True)  # else the next key counts as pressed with Alt
    passed("hover shows the Gateway")

    term.type(":12"), term.keys("Enter")
    term.type("glhhh")
    term.keys("Space"), term.wait("Space"), term.keys("a")
    term.capture("helix-fix", r"(?i)(use|replace)[^\n]*ingress/public")
    term.keys("Enter")
    term.wait(r"gateways: \[ingress/public\]")
    term.wait("●", absent=True)
    passed("the fix is applied and the mark goes")

    term.type(":write"), term.keys("Enter")
    wait_for_file("routes.yaml", "Größe 😀, gateways: [ingress/public]}]")
    passed("the file is right")

    term.type(":10"), term.keys("Enter")
    term.type("glhhhgd")
    term.wait(r"kind: Gateway")
    passed("goto leads to the Gateway's file")

    term.keys("Space"), term.wait("Space"), term.keys("s")
    term.wait(r"object +public")
    term.keys("Escape"), term.wait("object +", absent=True)
    passed("a picker lists the file's symbols")
    term.keys("Space"), term.wait("Space"), term.keys("S")
    term.type("storefront"), term.wait(r"object +storefront +storefront\.yaml")
    term.keys("Escape"), term.wait("object +", absent=True)
    passed("a picker lists the workspace's symbols")

    term.type(":9"), term.keys("Enter"), term.type("gl")
    term.keys("Space"), term.wait("Space"), term.keys("r")
    term.wait("rename-to:")
    term.keys("C-u"), term.type("edge"), term.keys("Enter")
    term.wait("name: edge")
    term.type(":write-all"), term.keys("Enter")
    wait_for_file("gateway.yaml", "  name: edge\n")
    wait_for_file("routes.yaml", "    - ingress/edge\n")
    wait_for_file("cart.yaml", "    - ingress/edge\n")
    passed("a rename reaches three files")
    term.type(":quit-all!"), term.keys("Enter")
