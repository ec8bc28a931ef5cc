//! The `istio-ls` program.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what is read of a file's YAML.
    Parse {
        /// The file.
        file: PathBuf,
        /// How to show it.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show the effective TLS of every connection, and why.
    Tls(istio_ls::cli::tls::Arguments),
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

fn main() -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match Arguments::parse().command {
        Command::Parse { file, format } => {
            out.write_all(istio_ls::cli::parse::run(&file, format == Format::Json)?.as_bytes())?;
        }
        Command::Tls(arguments) => istio_ls::cli::tls::run(&arguments, &mut out)?,
    }
    Ok(out.flush()?)
}
