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
}

#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

fn main() -> anyhow::Result<()> {
    let Command::Parse { file, format } = Arguments::parse().command;
    let report = istio_ls::cli::parse::run(&file, format == Format::Json)?;
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(())
}
