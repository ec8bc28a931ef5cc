//! What a rule is, and the macro that declares one.

use super::{Context, Severity};
use crate::index::Entry;
use crate::resource::Kind;

/// A rule: what it finds, where, and the text that explains it.
#[derive(Debug)]
pub struct Rule {
    /// Names the defect, in kebab-case.
    pub id: &'static str,
    /// Codes of other tools for the same; accepted wherever an id is.
    pub aliases: &'static [&'static str],
    /// The codes fit every finding of the rule; else a finding names those that fit it.
    pub all_fit: bool,
    /// How much a finding matters unless the finding says otherwise.
    pub severity: Severity,
    /// The kinds that are checked.
    pub kinds: &'static [Kind],
    /// The path of its module, which names its family.
    pub module: &'static str,
    /// The version of istio-ls that brought it.
    pub since: &'static str,
    /// The first version of Istio that behaves as the rule says (`1.24`); empty where all versions do that anybody runs.
    pub istio: &'static str,
    /// It runs only where it is asked for: it says of a partial workspace what may well be right in the cluster.
    pub opt_in: bool,
    /// The page of the rule, in Markdown: what, why, symptom, an example that fires, one that does not, see.
    pub doc: &'static str,
    /// Checks one resource of one of `kinds`.
    pub check: fn(&Entry, &mut Context<'_>),
}

impl Rule {
    /// The folder that the rule's file is in.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.module.rsplit("::").nth(1).unwrap_or("")
    }
}

/// Declares the rule of a file as `RULE`. The doc comment is the rule's page; `check` takes what `on` names: a
/// [`Ref`](crate::index::Ref) of one body type, or, for a list of kinds in brackets or behind `each of`, the [`Entry`]; a
/// rule `on: file` is checked where the findings of a file are put together.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        $id:literal, on: file, severity: $severity:ident, aliases: [$($alias:literal),* $(,)?], since: $since:literal $(, istio: $istio:literal)? $(, opt_in: $opt_in:literal)? $(, all_fit: $all_fit:literal)? $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            aliases: &[$($alias),*],
            severity: $crate::rules::Severity::$severity,
            kinds: &[],
            module: module_path!(),
            since: $since,
            istio: concat!($($istio)?),
            opt_in: false $(|| $opt_in)?,
            all_fit: false $(|| $all_fit)?,
            doc: concat!($($doc, "\n"),+),
            check: |_, _| {},
        };
    };
    (
        $(#[doc = $doc:literal])+
        $id:literal, on: [$($kind:ident),+ $(,)?], severity: $severity:ident, aliases: [$($alias:literal),* $(,)?], since: $since:literal $(, istio: $istio:literal)? $(, opt_in: $opt_in:literal)? $(, all_fit: $all_fit:literal)? $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            aliases: &[$($alias),*],
            severity: $crate::rules::Severity::$severity,
            kinds: &[$($crate::resource::Kind::$kind),+],
            module: module_path!(),
            since: $since,
            istio: concat!($($istio)?),
            opt_in: false $(|| $opt_in)?,
            all_fit: false $(|| $all_fit)?,
            doc: concat!($($doc, "\n"),+),
            check,
        };
    };
    (
        $(#[doc = $doc:literal])+
        $id:literal, on: each of $kinds:path, severity: $severity:ident, aliases: [$($alias:literal),* $(,)?], since: $since:literal $(, istio: $istio:literal)? $(, opt_in: $opt_in:literal)? $(, all_fit: $all_fit:literal)? $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            aliases: &[$($alias),*],
            severity: $crate::rules::Severity::$severity,
            kinds: $kinds,
            module: module_path!(),
            since: $since,
            istio: concat!($($istio)?),
            opt_in: false $(|| $opt_in)?,
            all_fit: false $(|| $all_fit)?,
            doc: concat!($($doc, "\n"),+),
            check,
        };
    };
    (
        $(#[doc = $doc:literal])+
        $id:literal, on: $body:ty, severity: $severity:ident, aliases: [$($alias:literal),* $(,)?], since: $since:literal $(, istio: $istio:literal)? $(, opt_in: $opt_in:literal)? $(, all_fit: $all_fit:literal)? $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            aliases: &[$($alias),*],
            severity: $crate::rules::Severity::$severity,
            kinds: &[<$body as $crate::resource::Typed>::KIND],
            module: module_path!(),
            since: $since,
            istio: concat!($($istio)?),
            opt_in: false $(|| $opt_in)?,
            all_fit: false $(|| $all_fit)?,
            doc: concat!($($doc, "\n"),+),
            check: |entry, cx| {
                if let Some(resource) = entry.as_kind::<$body>() {
                    check(resource, cx);
                }
            },
        };
    };
}

pub(crate) use rule;
