//! The map as a page on which one looks around: [`Picture`](super::Picture) as data, and a script that draws it.
//!
//! The page of `istio-ls tls --format html` and the one in an editor's view are the same. It loads nothing, and its security
//! policy lets nothing run but its own script. The script knows an editor by `acquireVsCodeApi`: it tells it `{ready: true}`
//! once it is there and `{open: {file, line}}` on a click, and draws anew when it is sent `{picture}`.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::graph::Map;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const DRAW: &str = include_str!("draw.js");
const WHY: &str = include_str!("why.js");
const SCRIPT: &str = include_str!("page.js");

impl Map {
    /// The map as an HTML page that loads nothing. `nonce` marks its own script and style; who serves the page to others
    /// gives a random one, for a file that is written it comes from the text.
    #[must_use]
    pub fn html(&self, nonce: Option<&str>) -> String {
        let picture = serde_json::to_string(&self.picture()).unwrap_or_default();
        let nonce: String = match nonce {
            Some(nonce) => nonce.chars().filter(char::is_ascii_alphanumeric).collect(),
            None => hash(&picture),
        };
        // The text of resources comes last, and within it nothing ends the element that holds it.
        PAGE.replace("{nonce}", &nonce)
            .replace("{style}", STYLE)
            .replace("{script}", &format!("{DRAW}\n{WHY}\n{SCRIPT}"))
            .replacen("{picture}", &picture.replace('<', "\\u003c"), 1)
    }
}

fn hash(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
