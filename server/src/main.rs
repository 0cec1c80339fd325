//! The program `lagesbild`.

use std::process::ExitCode;

fn main() -> ExitCode {
    lagesbild_server::cli::main()
}
