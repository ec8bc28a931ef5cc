//! The edit that says which server is meant: `sni` and `subjectAltNames` of a `tls` block.

use crate::rules::mesh::reach::path_to_block;
use crate::text::TextEdit;
use crate::tls::TlsBlock;
use crate::yaml::{At, Document, Literal, Place};

/// Lets `block` ask for `name` and, unless it names subjects already, accept only certificates for it.
pub(super) fn expect(document: &Document, block: &TlsBlock<'_>, name: &str) -> Option<Vec<TextEdit>> {
    let tls = block.settings()?;
    let path = path_to_block(document, block);
    let field = |key| [path.as_slice(), &[At::Key(key)]].concat();
    let subjects = Literal::list([name]);
    let sni = match tls.sni.text() {
        Some(written) if written == name => None,
        _ => Some(document.set(&field("sni"), &Literal::from(name))?),
    };
    if !tls.subject_alt_names.is_absent() {
        return Some(sni.into_iter().collect());
    }
    let subjects = match tls.sni.present() {
        Some(_) => document.insert(&path, Place::After("sni"), "subjectAltNames", &subjects)?,
        None => document.set(&field("subjectAltNames"), &subjects)?,
    };
    Some(match sni {
        // Two insertions at one place are one, in the order of their fields.
        Some(sni) if sni.span == subjects.span => vec![TextEdit::replace(sni.span, sni.text + &subjects.text)],
        sni => sni.into_iter().chain([subjects]).collect(),
    })
}
