//! The `istio-ls` program.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use istio_ls::cli::{check, explain, parse, schema, tls};
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Serve on standard input and output, as without any argument; editors like to say so.
    #[arg(long)]
    stdio: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an editor on standard input and output (the default).
    Lsp {
        /// The only way there is; editors like to say so.
        #[arg(long)]
        stdio: bool,
    },
    /// Find mistakes in files and folders, and repair them.
    Check(check::Arguments),
    /// Show the effective TLS of every connection, and why.
    Tls(tls::Arguments),
    /// Explain a rule, by its id or a code such as IST0101.
    Explain {
        /// The rule.
        rule: String,
    },
    /// List all rules.
    Rules,
    /// List every field of every kind: type, values, what is required.
    Schema {
        /// Only kinds of this name.
        kind: Option<String>,
        /// How to show them.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show what is read of a file's YAML.
    Parse {
        /// The file.
        file: PathBuf,
        /// How to show it.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// Exit status for wrong usage and input that cannot be read.
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("ISTIO_LS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    log.with_ansi(std::io::stderr().is_terminal()).init();
    match run(Arguments::parse().command.as_ref()) {
        Ok(code) => code,
        // Whoever reads the output has seen enough (`istio-ls check | head`).
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "istio-ls: {error:#}");
            ExitCode::from(FAILURE)
        }
    }
}

fn run(command: Option<&Command>) -> anyhow::Result<ExitCode> {
    let Some(command) = command else { return serve() };
    // Not locked: the server writes to standard output from another thread.
    let mut out = std::io::BufWriter::new(anstream::stdout());
    let code = match command {
        Command::Lsp { .. } => return serve(),
        Command::Check(arguments) => check::run(arguments, &mut out)?,
        Command::Tls(arguments) => {
            tls::run(arguments, &mut out)?;
            ExitCode::SUCCESS
        }
        Command::Explain { rule } => {
            explain::explain(rule, &mut out)?;
            ExitCode::SUCCESS
        }
        Command::Rules => {
            explain::rules(&mut out)?;
            ExitCode::SUCCESS
        }
        Command::Schema { kind, format } => {
            schema::run(kind.as_deref(), *format == Format::Json, &mut out)?;
            ExitCode::SUCCESS
        }
        Command::Parse { file, format } => {
            out.write_all(parse::run(file, *format == Format::Json)?.as_bytes())?;
            ExitCode::SUCCESS
        }
    };
    out.flush()?;
    Ok(code)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(broken)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
    })
}

/// Serves an editor; exit status 1 when it went without shutting down.
fn serve() -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let in_order = runtime.block_on(istio_ls::lsp::serve(tokio::io::stdin(), tokio::io::stdout()))?;
    // Reading standard input blocks a thread that nothing can end.
    runtime.shutdown_background();
    Ok(if in_order { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
