//! The map as a page: the picture, and beside it the reasons of the line or box that was clicked.

use super::graph::Map;

const STYLE: &str = "\
body{margin:0;display:flex;height:100vh;font:14px/1.45 system-ui,sans-serif;color:#1f2328;background:#fff}\
main{flex:1;overflow:auto}aside{width:26rem;overflow:auto;border-left:1px solid #d0d7de;background:#f6f8fa;padding:1rem}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,monospace}\
.card{cursor:pointer}";

const SCRIPT: &str = "\
const why=document.getElementById('why');\
function show(part){document.querySelectorAll('.shown').forEach(other=>other.classList.remove('shown'));\
part.classList.add('shown');why.textContent=part.querySelector('title').textContent;}\
document.querySelectorAll('.edge,.card').forEach(part=>{part.addEventListener('click',()=>show(part));\
part.addEventListener('focus',()=>show(part));});";

impl Map {
    /// The map as an HTML page that loads nothing.
    #[must_use]
    pub fn html(&self) -> String {
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>TLS map</title>\n<style>{STYLE}</style>\n\
             <main>\n{}</main>\n<aside><strong>Why</strong><pre id=\"why\">Click a line or a box.</pre></aside>\n\
             <script>{SCRIPT}</script>\n</html>\n",
            self.svg()
        )
    }
}
