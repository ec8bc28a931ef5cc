//! The scopes that `istio-ls.yaml` lists.

use std::path::Path;
use std::sync::Arc;

use super::charts::{self, Values};
use super::kustomizations::Kustomizations;
use super::layer::resolve;
use super::plan::{Origin, Plan, untouched};
use super::plans::{Files, Plans};
use crate::index::{Nature, Opening};
use crate::workspace::settings::{Paths, ScopeSettings};

/// Adds the scopes of `listed`. What they hold as a whole makes no other scope.
pub(super) fn find(
    listed: &[ScopeSettings],
    files: &Files<'_>,
    kustomizations: &Kustomizations<'_>,
    plans: &mut Plans,
) {
    if listed.is_empty() {
        return;
    }
    let root = plans.settings_root.clone();
    let found: Vec<Plan> = listed.iter().map(|scope| plan(scope, &root, files, kustomizations, plans)).collect();
    let is_listed = |path: &Arc<Path>| found.iter().any(|plan| plan.members.contains_key(path));
    plans.found.retain(|plan| !plan.members.keys().all(is_listed));
    plans.found.extend(found);
}

fn plan(scope: &ScopeSettings, root: &Path, files: &Files<'_>, of: &Kustomizations<'_>, plans: &Plans) -> Plan {
    let name = scope.title().to_owned();
    let namespace = scope.namespace.as_deref().map(Into::into);
    let kustomization = match scope.paths.as_slice() {
        [only] => of.plan(&resolve(root, only), Origin::Settings, plans),
        _ => None,
    };
    if let Some(plan) = kustomization {
        return Plan { name, namespace, ..plan };
    }
    if let Some(plan) = chart(scope, root, files, plans) {
        return Plan { name, origin: Origin::Settings, ..plan };
    }
    let paths = Paths::new(root, &scope.paths);
    let members = untouched(files.keys().filter(|path| paths.holds(path) && !plans.changes.contains(*path)));
    let nature = Nature { is_declared: true, opening: Opening::Nothing };
    Plan { origin: Origin::Settings, name, namespace, nature, members, ..Plan::default() }
}

/// A chart with the files of values that follow it.
fn chart(scope: &ScopeSettings, root: &Path, files: &Files<'_>, plans: &Plans) -> Option<Plan> {
    let (chart, values) = scope.paths.split_first()?;
    let chart = resolve(root, chart);
    let named = values.iter().map(|path| files.get_key_value(&*resolve(root, path)).map(|(path, _)| path.clone()));
    let files_of_values = named.collect::<Option<Vec<_>>>().filter(|_| charts::is_chart(&chart, files))?;
    let values =
        Values { files: files_of_values, namespace: scope.namespace.as_deref().map(Into::into), ..Values::default() };
    Some(charts::plan(&chart, &values, files, plans))
}
