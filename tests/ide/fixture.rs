//! A workspace with a cursor in it.

use std::path::{Path, PathBuf};

use istio_ls::ide;
use istio_ls::workspace::{Scoped, Settings, Snapshot, Workspace};

/// A shop: `web` calls `reviews`, which takes Istio mTLS only; `legacy` has no sidecar.
pub(crate) const SHOP: &str = "\
#- shop.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
#- legacy.yaml
apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: old}
spec: {selector: {app: legacy}, ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: legacy, namespace: old}
spec: {template: {metadata: {labels: {app: legacy}}}}
#- edge.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingress}, annotations: {inject.istio.io/templates: gateway}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-cert, namespace: edge}
type: kubernetes.io/tls
---
apiVersion: v1
kind: Secret
metadata: {name: shop-cert, namespace: shop}
type: kubernetes.io/tls
";

/// The shop with `text` as the file `main.yaml`, and the cursor in that.
pub(crate) struct At {
    snapshot: Snapshot,
    texts: Vec<(PathBuf, String)>,
    /// The file with the cursor.
    main: PathBuf,
    offset: usize,
}

impl At {
    pub(crate) fn parse(text: &str) -> Self {
        let offset = text.find("$0").expect("the cursor is marked");
        Self::beside(SHOP, "main.yaml", text, offset)
    }

    /// The same with `text` as the file `path`.
    pub(crate) fn in_file(path: &str, text: &str) -> Self {
        let offset = text.find("$0").expect("the cursor is marked");
        Self::beside(SHOP, path, text, offset)
    }

    /// The example of this project with `text` as the file `main.yaml`.
    pub(crate) fn in_example(text: &str) -> Self {
        let offset = text.find("$0").expect("the cursor is marked");
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shop");
        let names = ["ingress.yaml", "egress.yaml", "mesh.yaml"].map(str::to_owned).into_iter();
        let folders = ["payments", "storefront", "warehouse"].into_iter();
        let names = names.chain(
            folders.flat_map(|folder| ["security", "traffic", "workloads"].map(|name| format!("{folder}/{name}.yaml"))),
        );
        let names = names.chain(["payments/external.yaml".to_owned()]);
        let file = |name: String| format!("#- {name}\n{}", std::fs::read_to_string(examples.join(&name)).unwrap());
        Self::beside(&names.map(file).collect::<String>(), "main.yaml", text, offset)
    }

    fn beside(others: &str, main: &str, text: &str, offset: usize) -> Self {
        let all = format!("{others}#- {main}\n{}", text.replacen("$0", "", 1));
        let parts = all.trim_start_matches("#- ").split("\n#- ");
        let file = |part: &str| {
            let (path, text) = part.split_once('\n').expect("a file has a text");
            (PathBuf::from(path), text.to_owned())
        };
        let texts: Vec<_> = parts.map(file).collect();
        let mut workspace = Workspace::new(Settings::default());
        workspace.set_texts(texts.clone());
        Self { snapshot: workspace.snapshot(), texts, main: main.into(), offset }
    }

    /// The scope of the file.
    pub(crate) fn scope(&self) -> Scoped<'_> {
        self.snapshot.scoped(&self.main).unwrap()
    }

    /// The text under the cursor, and what hover shows for it.
    pub(crate) fn hover(&self) -> String {
        ide::hover(&self.scope(), &self.main, self.offset)
            .map_or_else(String::new, |hover| format!("[{}]\n{}\n", &self.text(&self.main)[hover.span], hover.markdown))
    }

    /// The same in a patch.
    pub(crate) fn hover_patch(&self) -> String {
        let scopes: Vec<_> = self.snapshot.scopes().collect();
        ide::hover_patch(&scopes, &self.main, self.offset)
            .map_or_else(String::new, |hover| format!("[{}]\n{}\n", &self.text(&self.main)[hover.span], hover.markdown))
    }

    /// Each target on a line: file, line, name, and how the whole begins.
    pub(crate) fn definition(&self) -> String {
        self.targets(&ide::definition(&self.scope(), &self.main, self.offset))
    }

    /// The same from a patch.
    pub(crate) fn definition_in_patch(&self) -> String {
        let scopes: Vec<_> = self.snapshot.scopes().collect();
        self.targets(&ide::definition_in_patch(&scopes, &self.main, self.offset))
    }

    fn targets(&self, targets: &[ide::Target]) -> String {
        let line = |target: &ide::Target| {
            let text = self.text(&target.path);
            let line = text[..target.name.start].matches('\n').count() + 1;
            format!("{}:{line} {}\n", target.path.display(), &text[target.name.clone()])
        };
        targets.iter().map(line).collect()
    }

    /// The text up to the cursor is asked about; every hint is put in behind its word.
    pub(crate) fn with_hints(&self) -> String {
        let mut text = self.text(&self.main).to_owned();
        for hint in ide::inlays(&self.scope(), &self.main, 0..self.offset).iter().rev() {
            text.insert_str(hint.offset, &format!("⟨{}⟩", hint.text));
        }
        text
    }

    /// The first eight items, each on a line with what stands beside it.
    pub(crate) fn completion(&self) -> String {
        let Some(found) = self.completed() else { return String::new() };
        let line =
            |item: &ide::Item| format!("{} | {}", item.label, item.detail).trim_end_matches(" | ").to_owned() + "\n";
        let more = found.items.len().saturating_sub(8);
        let more = if more > 0 { format!("and {more} more\n") } else { String::new() };
        found.items.iter().take(8).map(line).collect::<String>() + &more
    }

    /// The labels of the first items.
    pub(crate) fn labels(&self, most: usize) -> String {
        let items = self.completed().map_or_else(Vec::new, |found| found.items);
        let labels: Vec<_> = items.iter().take(most).map(|item| item.label.clone()).collect();
        let more = items.len().saturating_sub(most);
        if more > 0 { format!("{} and {more} more", labels.join(", ")) } else { labels.join(", ") }
    }

    /// The document after the item with this label was chosen.
    pub(crate) fn chosen(&self, label: &str) -> String {
        let found = self.completed().unwrap();
        let item = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{:?}", found.items));
        let (start, mut text) = self.document();
        text.replace_range(start + found.span.start..start + found.span.end, &item.plain(found.indentation));
        text
    }

    /// The text with the new line of the cursor indented, and `|` for the cursor.
    pub(crate) fn indented(&self) -> String {
        let (start, mut text) = self.document();
        let line = text[..self.offset].rfind('\n').unwrap() + 1;
        let files = self.snapshot.file(&self.main).unwrap();
        let (_, placed) = files.document_at(self.offset).unwrap();
        let blank = ide::next_line(&placed.content.yaml, self.offset - start);
        let blank = blank.unwrap_or_else(|| text[line..self.offset].to_owned());
        text.replace_range(line..self.offset, &format!("{blank}|"));
        text
    }

    fn completed(&self) -> Option<ide::Completion> {
        let (_, placed) = self.snapshot.file(&self.main)?.document_at(self.offset)?;
        let of_patch = || self.snapshot.patching(&self.main).or_else(|| self.snapshot.scopes().next());
        let scope = self.snapshot.scoped(&self.main).or_else(of_patch)?;
        ide::completion(&scope, &self.main, &placed.content.yaml, placed.start, self.offset - placed.start)
    }

    /// Where the document of the cursor begins, and the whole text.
    fn document(&self) -> (usize, String) {
        let (_, placed) = self.snapshot.file(&self.main).unwrap().document_at(self.offset).unwrap();
        (placed.start, self.text(&self.main).to_owned())
    }

    /// Each name with what its lenses say, and what its map shows.
    pub(crate) fn lenses(&self) -> String {
        let (own, all) = self.scopes();
        let mut lines: Vec<(std::ops::Range<usize>, String)> = Vec::new();
        for lens in ide::lenses(&self.scope(), &self.main) {
            let shows = [&lens.shows.from, &lens.shows.to, &lens.shows.gateway].into_iter().flatten().next();
            let map = format!(" ({})", shows.map_or("everything", String::as_str));
            let said = ide::lens_title(&own, &all, &self.main, lens.span.start, lens.kind).unwrap();
            let said = said + if lens.kind == ide::LensKind::Map { &map } else { "" };
            match lines.last_mut().filter(|(span, _)| *span == lens.span) {
                Some((_, line)) => *line += &format!(" | {said}"),
                None => {
                    let line = format!("{}: {said}", &self.text(&self.main)[lens.span.clone()]);
                    lines.push((lens.span, line));
                }
            }
        }
        lines.into_iter().map(|(_, line)| line + "\n").collect()
    }

    /// Each place that names what is under the cursor: file, line, the line's text with the name marked.
    pub(crate) fn references(&self) -> String {
        let (own, all) = self.scopes();
        self.shown(&ide::references(&own, &all, &self.main, self.offset))
    }

    /// The same within the file.
    pub(crate) fn highlights(&self) -> String {
        self.shown(&ide::highlights(&self.scope(), &self.main, self.offset))
    }

    /// The workloads behind what is under the cursor.
    pub(crate) fn implementations(&self) -> String {
        self.shown(&ide::implementations(&self.scope(), &self.main, self.offset))
    }

    /// The places that change with the name under the cursor, or why none does.
    pub(crate) fn rename(&self, new: &str) -> String {
        let (own, all) = self.scopes();
        let files = self.snapshot.files();
        let documents = files
            .iter()
            .flat_map(|file| file.documents.iter().map(|placed| (&*file.path, &*placed.content.yaml, placed.start)));
        match ide::rename(&own, &all, documents, (&self.main, self.offset), new) {
            Ok(places) => self.shown(&places),
            Err(why) => format!("refused: {why}\n"),
        }
    }

    /// What the cursor stands for, who calls it (`<`), and whom it calls (`>`), each with what is on the wire.
    pub(crate) fn calls(&self) -> String {
        let scope = self.scope();
        let Some(node) = ide::prepare_calls(&scope, &self.main, self.offset) else { return String::new() };
        let line = |mark: &str, node: &ide::CallNode| {
            format!("{mark}{} ({}) {}:{}\n", node.name, node.detail, node.place.path.display(), node.place.line + 1)
        };
        let incoming: String = ide::incoming_calls(&scope, &node.end).iter().map(|node| line("< ", node)).collect();
        let outgoing: String = ide::outgoing_calls(&scope, &node.end).iter().map(|node| line("> ", node)).collect();
        line("", &node) + &incoming + &outgoing
    }

    /// What can be done at the cursor.
    pub(crate) fn refactorings(&self) -> Vec<ide::Refactoring> {
        ide::refactorings(&self.scope(), &self.main, self.text(&self.main), self.offset)
    }

    fn scopes(&self) -> (Vec<Scoped<'_>>, Vec<Scoped<'_>>) {
        (self.snapshot.scopes_of(&self.main).collect(), self.snapshot.scopes().collect())
    }

    fn shown(&self, places: &[ide::Occurrence]) -> String {
        let line = |place: &ide::Occurrence| {
            let text = self.text(&place.path);
            let (start, end) = (place.span.start(), place.span.end());
            let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
            let last = text[end..].find('\n').map_or(text.len(), |at| end + at);
            let (number, mark) = (text[..start].matches('\n').count() + 1, if place.defines { "*" } else { "" });
            let marked = format!("{}⟨{}⟩{}", &text[first..start], &text[start..end], &text[end..last]);
            format!("{}:{number}{mark} {}\n", place.path.display(), marked.trim())
        };
        places.iter().map(line).collect()
    }

    pub(crate) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    pub(crate) fn text(&self, path: &PathBuf) -> &str {
        &self.texts.iter().find(|(known, _)| known == path).expect("a file of the fixture").1
    }
}
