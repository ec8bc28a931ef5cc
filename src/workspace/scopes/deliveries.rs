//! What Argo CD and Flux apply: a folder, into a namespace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::GitignoreBuilder;

use super::charts::{self, Values, below};
use super::kustomizations::Kustomizations;
use super::layer::{Layer, resolve};
use super::plan::{Origin, Plan, untouched};
use super::plans::{Files, Plans};
use crate::index::{Nature, Opening};
use crate::resource::Field;
use crate::resource::delivery::{self, Delivery, Tool};
use crate::workspace::File;
use crate::yaml::Document;

/// Gives the scopes that are delivered their namespace, and adds those that nothing else makes scopes.
pub(super) fn find(files: &Files<'_>, kustomizations: &Kustomizations<'_>, plans: &mut Plans) {
    for (path, file) in files.iter().filter(|(_, file)| says_deliveries(file)) {
        plans.built_on.insert(path.clone());
        let documents = file.documents.iter().map(|document| &document.content.yaml);
        for (document, delivery) in documents.flat_map(|it| delivery::read(it).into_iter().map(move |one| (it, one))) {
            for folder in folders(&delivery, path, files, kustomizations) {
                if charts::is_chart(&folder, files) {
                    let values = values(&delivery, document, path, &folder, files);
                    add_chart(&delivery, &values, &folder, files, plans);
                } else {
                    add(&delivery, &folder, files, kustomizations, plans);
                }
            }
        }
    }
}

/// Something in `file` says what is delivered.
pub(in crate::workspace) fn says_deliveries(file: &File) -> bool {
    file.documents.iter().any(|document| !delivery::read(&document.content.yaml).is_empty())
}

/// The folders of the workspace that are meant. Paths are relative to the root of a repository, which the workspace may
/// be a part of or hold: the nearest folder above that has such a path.
fn folders(delivery: &Delivery, by: &Path, files: &Files<'_>, kustomizations: &Kustomizations<'_>) -> Vec<PathBuf> {
    if !delivery.each_of.is_empty() {
        return each_of(delivery, by, kustomizations, files);
    }
    let Some(path) = delivery.folder().filter(|path| !path.is_empty()) else { return Vec::new() };
    let above = by.ancestors().skip(1).map(|folder| resolve(folder, path));
    above.into_iter().find(|folder| below(files, folder).next().is_some()).into_iter().collect()
}

/// The folders with a kustomization or a chart that a generator of folders finds.
fn each_of(delivery: &Delivery, by: &Path, kustomizations: &Kustomizations<'_>, files: &Files<'_>) -> Vec<PathBuf> {
    let charts = files.keys().filter(|path| path.ends_with("Chart.yaml")).filter_map(|path| path.parent());
    let candidates: Vec<&Path> = kustomizations.folders().chain(charts).collect();
    let found = by.ancestors().skip(1).find_map(|root| {
        let mut globs = GitignoreBuilder::new(root);
        for glob in delivery.each_of.iter().filter_map(Field::text) {
            globs.add_line(None, &format!("/{}", glob.trim_start_matches('/'))).ok()?;
        }
        let globs = globs.build().ok()?;
        let fits = |folder: &&&Path| folder.starts_with(root) && globs.matched(**folder, true).is_ignore();
        let found: Vec<PathBuf> = candidates.iter().filter(fits).map(|folder| folder.to_path_buf()).collect();
        (!found.is_empty()).then_some(found)
    });
    found.unwrap_or_default()
}

fn add(delivery: &Delivery, folder: &Path, files: &Files<'_>, kustomizations: &Kustomizations<'_>, plans: &mut Plans) {
    let mut name = plans.name_of(folder);
    let namespace = delivery.namespace.text().map(Into::into);
    let known = plans.found.iter_mut().filter(|plan| plan.name == name).collect::<Vec<_>>();
    let is_known = !known.is_empty();
    let on_top = on_top(delivery);
    for plan in known {
        if plan.namespace == namespace && on_top.is_none() {
            return;
        }
        // Nothing delivered it so far.
        if plan.origin != Origin::Delivery && on_top.is_none() {
            (plan.origin, plan.namespace) = (Origin::Delivery, namespace);
            return;
        }
    }
    if is_known {
        let mut also = delivery.name.text().unwrap_or("another delivery").to_owned();
        std::mem::swap(&mut name, &mut also);
        name = format!("{also} ({name})");
    }
    let plan = kustomizations.plan(folder, Origin::Delivery, plans).or_else(|| plain(delivery, folder, files, plans));
    let Some(mut plan) = plan else { return };
    if let Some(layer) = on_top {
        // It stands for a kustomization that the tool writes itself.
        plans.found.retain(|known| known.origin != Origin::Kustomization || known.name != plan.name);
        for way in plan.members.values_mut().flatten() {
            way.layers = way.layers.iter().cloned().chain([layer.clone()]).collect();
        }
    }
    plans.found.push(Plan { name, namespace, ..plan });
}

/// A chart with what the delivery says of its values. The chart with its own values alone is then applied by nobody.
fn add_chart(delivery: &Delivery, values: &Values, folder: &Path, files: &Files<'_>, plans: &mut Plans) {
    plans.built_on.extend(values.files.iter().cloned());
    let mut plan = Plan { origin: Origin::Delivery, ..charts::plan(folder, values, files, plans) };
    plan.name = plans.name_of(folder);
    let own = charts::with_values(&plan.name, charts::VALUES);
    plans.found.retain(|known| known.origin != Origin::Chart || known.name != own);
    if plans.found.iter().any(|known| known.title() == plan.title()) {
        plan.name = format!("{} ({})", delivery.name.text().unwrap_or("another delivery"), plan.name);
    }
    plans.found.retain(|known| known.title() != plan.title());
    plans.found.push(plan);
}

/// The values that a delivery gives to a chart; paths are those of the chart or of the repository.
fn values(delivery: &Delivery, document: &Arc<Document>, by: &Path, chart: &Path, files: &Files<'_>) -> Values {
    let namespace = delivery.namespace.text().map(Into::into);
    let (said_by, is_known) = (Some(document.clone()), delivery.each_of.is_empty());
    let mut values = Values { namespace, said_by, is_known, ..Values::default() };
    let Tool::Helm { release_name, value_files, values: written, more } = &delivery.tool else { return values };
    values.name = release_name.text().map(Into::into);
    values.is_known &= !more && value_files.is_certain() && !written.is_uncertain();
    for named in value_files.items() {
        // `$NAME/...` is a path of the repository that another source names.
        let path = if named.starts_with('$') { named.split_once('/').map_or("", |(_, path)| path) } else { named };
        let above = chart.ancestors().take(1).chain(by.ancestors().skip(1)).map(|folder| resolve(folder, path));
        match above.into_iter().find_map(|path| files.get_key_value(&*path)) {
            Some((path, _)) => values.files.push(path.clone()),
            None => values.is_known = false,
        }
    }
    values.written = written.value().cloned();
    values
}

/// The YAML files of a folder as they are; Flux takes those below it too.
fn plain(delivery: &Delivery, folder: &Path, files: &Files<'_>, plans: &Plans) -> Option<Plan> {
    let is_deep = match &delivery.tool {
        Tool::Plain { recurse, .. } => recurse.copied().unwrap_or(false),
        Tool::Kustomize { .. } => true,
        Tool::Detected => false,
        Tool::Helm { .. } => return None,
    };
    let members = below(files, folder)
        .filter(|path| is_deep || path.parent() == Some(folder))
        .filter(|path| !plans.changes.contains(*path));
    let members = untouched(members);
    let nature = Nature { is_declared: true, opening: Opening::Nothing };
    let name = plans.name_of(folder);
    (!members.is_empty()).then_some(Plan { origin: Origin::Delivery, name, nature, members, ..Plan::default() })
}

/// What the tool itself sets on all that it applies.
fn on_top(delivery: &Delivery) -> Option<Arc<Layer>> {
    let Tool::Kustomize { namespace, name_prefix, name_suffix } = &delivery.tool else { return None };
    let fields = [("namespace", namespace), ("namePrefix", name_prefix), ("nameSuffix", name_suffix)];
    let said = fields.into_iter().filter_map(|(key, field)| match field {
        Field::Present(text) => Some(format!("{key}: {}\n", text.value)),
        // What is filled in later makes the value unknown there too.
        Field::Unknown(_) => Some(format!("{key}: \"{{{{ x }}}}\"\n")),
        Field::Absent | Field::Malformed(_) => None,
    });
    let text: String = said.collect();
    if text.is_empty() { None } else { Layer::written(&text).map(Arc::new) }
}
