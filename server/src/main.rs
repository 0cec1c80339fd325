//! The program `lagesbild`.

use std::process::ExitCode;

/// The engine allocates in thousands of small pieces for each document, which is
/// most of what the system's allocator makes the server's processor do.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lagesbild_server::cli::main()
}
