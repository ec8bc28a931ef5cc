//! Findings in templates: what stands under different conditions need not be there together.

use super::{LocatedFinding, Location, Snapshot};
use crate::yaml;

impl Snapshot {
    /// All that takes part in the finding is there wherever its own place is. Conditions are the same where their words are.
    pub(super) fn surely_holds(&self, finding: &LocatedFinding) -> bool {
        let others = finding.related.iter().map(|related| &related.location);
        let mut conditional = others.filter(|other| self.is_templated(other)).peekable();
        if conditional.peek().is_none() {
            return true;
        }
        let own = self.conditions(&finding.location);
        conditional.all(|other| self.conditions(other).iter().all(|condition| own.contains(condition)))
    }

    fn is_templated(&self, location: &Location) -> bool {
        let file = self.file(&location.path);
        file.is_some_and(|file| file.documents.iter().any(|document| document.content.yaml.templated))
    }

    fn conditions(&self, location: &Location) -> Vec<String> {
        let text = self.file(&location.path).map(|file| file.text()).unwrap_or_default();
        yaml::conditions_at(&text, location.span.start())
    }
}
