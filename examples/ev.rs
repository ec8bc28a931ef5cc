//! x
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    let mut s = String::new();
    use std::io::Read;
    std::io::stdin().read_to_string(&mut s).unwrap();
    let mut o = granit_parser::Options::default();
    o.emit_unresolved_aliases = true;
    o.emit_anchor_events = true;
    for e in granit_parser::Parser::new_from_str_with_options(&s, o) {
        match e {
            Ok((e, sp)) => println!(
                "{e:?}\n      {:?} {:?} tag {:?}",
                sp.byte_range().unwrap(),
                sp.slice(&s).unwrap(),
                sp.tag_span().and_then(|t| t.byte_range())
            ),
            Err(e) => println!("ERR {:?} at {:?} line {}", e.kind(), e.marker().byte_offset(), e.marker().line()),
        }
    }
}
