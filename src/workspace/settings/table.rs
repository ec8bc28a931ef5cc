//! Every setting: name, form, default and what it does. The reader, the schema, the page, hover and completion are made
//! from this table.

/// One setting, or one field of a setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What counts where it is not set; empty for a field that stands for itself.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// What holds it means nothing without it.
    pub required: bool,
    /// Only the editor can say it.
    pub editor_only: bool,
}

/// What a setting may hold.
#[derive(Debug)]
pub enum Shape {
    /// `true` or `false`.
    Bool,
    /// A single text.
    Text(Text),
    /// One of some words.
    Choice(&'static [Choice]),
    /// A list.
    List(&'static Shape),
    /// An object with these fields.
    Object(&'static [Setting]),
    /// An object with these fields, or its `name` alone.
    Named(&'static [Setting]),
    /// Rules, by id or alias, each with a level.
    Rules,
    /// Labels with their values.
    Labels,
    /// The fields of a mesh configuration, or the path of a file that holds it.
    MeshConfig,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A pattern of paths, as in `.gitignore`.
    Glob,
    /// A version of Istio.
    Version,
    /// The name of a namespace.
    Namespace,
    /// A host, or a wildcard of hosts.
    Host,
    /// A Secret as `namespace/name`, or its name in any namespace.
    Secret,
    /// A name for people.
    Title,
}

/// A word that a setting can hold.
#[derive(Debug)]
pub struct Choice {
    /// The word.
    pub value: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// The settings, in the order in which people need them.
pub static SETTINGS: &[Setting] = &[
    setting(
        "rules",
        "the severity of each rule's page",
        "How much each rule matters, by its id or by a code of another tool (`IST0101`, `KIA1102`).",
        Shape::Rules,
    ),
    setting(
        "exclude",
        "nothing beyond what git ignores",
        "Globs of files that are left out, relative to the folder of `istio-ls.yaml`, as in `.gitignore`. What they hold \
         counts as absent.",
        Shape::List(&Shape::Text(Text::Glob)),
    ),
    setting(
        "istioVersion",
        "the newest known",
        "The version of Istio that runs, such as `1.24`. Rules about behaviour that came later do not run.",
        Shape::Text(Text::Version),
    ),
    setting(
        "meshConfig",
        "found in the workspace, else istiod's defaults",
        "The mesh configuration: fields of Istio's MeshConfig, or the path of a file that holds them, alone, in an \
         IstioOperator, in Helm values or in the ConfigMap `istio`.",
        Shape::MeshConfig,
    ),
    setting(
        "scopes",
        "kustomizations, charts and GitOps applications, else the folder as a whole",
        "What is applied together. Files that no scope names belong to the scopes that are found.",
        Shape::List(&Shape::Object(SCOPE)),
    ),
    setting(
        "known",
        "nothing",
        "What the cluster holds and the workspace does not: a reference to it is right.",
        Shape::Object(KNOWN),
    ),
    setting(
        "context",
        "none",
        "Files that hold what is in the cluster, such as `kubectl get ... -o yaml` writes: paths or globs, also outside of \
         the folder (`../cluster`). Their resources count as present and get no findings; the \
         namespaces that they name are not taken for those of resources that leave theirs out.",
        Shape::List(&Shape::Text(Text::Glob)),
    ),
    setting(
        "schema",
        "auto",
        "Whether fields are compared with the schema of their kind, and offered in completion; values always are.",
        Shape::Choice(&[
            Choice { value: "auto", doc: "Unless yaml-language-server does so for the same file." },
            Choice { value: "on", doc: "Always." },
            Choice { value: "off", doc: "Never." },
        ]),
    ),
    setting("hints", "true", "Inlay hints are shown.", Shape::Bool),
    setting("lenses", "true", "Code lenses are shown.", Shape::Bool),
    Setting {
        editor_only: true,
        ..setting(
            "yamlLanguageServer",
            "false",
            "The editor runs yaml-language-server beside istio-ls, so `schema: auto` means off.",
            Shape::Bool,
        )
    },
    Setting {
        editor_only: true,
        ..setting(
            "render",
            "false",
            "`helm template` is run on the charts that are opened or saved, with each of their files of values, and what it \
             makes is checked. For charts that you trust only.",
            Shape::Bool,
        )
    },
];

static SCOPE: &[Setting] = &[
    setting("name", "its first path", "How findings call the scope.", Shape::Text(Text::Title)),
    required(
        "paths",
        "Its folders and globs of its files; or the folder of a Helm chart and then files of values over the chart's own, the \
         last one winning (`[charts/shop, env/prod.yaml]`).",
        Shape::List(&Shape::Text(Text::Glob)),
    ),
    setting("namespace", "`default`", "The namespace of resources that name none.", Shape::Text(Text::Namespace)),
    setting("meshConfig", "the workspace's", "The mesh configuration in the scope.", Shape::MeshConfig),
];

static KNOWN: &[Setting] = &[
    setting("hosts", "none", "Hosts, wildcards such as `*.example.com` too.", Shape::List(&Shape::Text(Text::Host))),
    setting(
        "namespaces",
        "none",
        "Namespaces: names, or objects with name and labels.",
        Shape::List(&Shape::Named(&[
            required("name", "The namespace.", Shape::Text(Text::Namespace)),
            setting("labels", "not known", "Its labels.", Shape::Labels),
        ])),
    ),
    setting(
        "gateways",
        "the default ingress gateway",
        "Labels of gateway workloads, as the `selector` of a Gateway names them.",
        Shape::List(&Shape::Labels),
    ),
    setting(
        "secrets",
        "none",
        "Secrets, as `namespace/name`, or by name in any namespace.",
        Shape::List(&Shape::Text(Text::Secret)),
    ),
];

/// How much a rule can matter.
pub static LEVELS: &[Choice] = &[
    Choice { value: "off", doc: "The rule does not run." },
    Choice { value: "hint", doc: "Its findings are hints." },
    Choice { value: "info", doc: "Its findings are notes." },
    Choice { value: "warning", doc: "Its findings are warnings." },
    Choice { value: "error", doc: "Its findings are errors." },
];

const fn setting(name: &'static str, default: &'static str, doc: &'static str, shape: Shape) -> Setting {
    Setting { name, default, doc, shape, required: false, editor_only: false }
}

const fn required(name: &'static str, doc: &'static str, shape: Shape) -> Setting {
    Setting { required: true, ..setting(name, "", doc, shape) }
}

impl Shape {
    /// The fields of what is an object, in a list too.
    #[must_use]
    pub fn fields(&self) -> &'static [Setting] {
        match self {
            Self::Object(fields) | Self::Named(fields) => fields,
            Self::List(item) => item.fields(),
            _ => &[],
        }
    }

    /// The words that can stand here, in a list too.
    #[must_use]
    pub fn choices(&self) -> &'static [Choice] {
        match self {
            Self::Choice(choices) => choices,
            Self::List(item) => item.choices(),
            _ => &[],
        }
    }

    /// What the setting holds, in words.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Text(text) => format!("a {}", text.noun()),
            Self::Choice(choices) => either(choices.iter().map(|choice| choice.value)),
            Self::List(item) => format!("a list of {}", item.plural()),
            Self::Object(_) => "an object".to_owned(),
            Self::Named(_) => "a name, or an object".to_owned(),
            Self::Rules => "levels of rules".to_owned(),
            Self::Labels => "labels".to_owned(),
            Self::MeshConfig => "an object, or the path of a file".to_owned(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::Text(text) => format!("{}s", text.noun()),
            Self::Object(_) => "objects".to_owned(),
            Self::Named(_) => "names or objects".to_owned(),
            Self::Labels => "label maps".to_owned(),
            other => other.title(),
        }
    }
}

impl Text {
    fn noun(self) -> &'static str {
        match self {
            Self::Glob => "glob",
            Self::Version => "version",
            Self::Namespace => "namespace",
            Self::Host => "host",
            Self::Secret => "Secret",
            Self::Title => "name",
        }
    }
}

/// `a, b or c`.
pub(super) fn either<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => String::new(),
    }
}
