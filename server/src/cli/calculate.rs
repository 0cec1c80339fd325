//! `lagesbild calculate`: the estimate's methods, one JSON object a line.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::process::ExitCode;

use calculate::{Method, calculate_line};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::Failure;

/// Longest line, in bytes. Longer ones are answered as lines that are no JSON.
const LINE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads one JSON object a line on standard input, writes one a line, in order.
///
/// A line that cannot be calculated gives {"error":{"code","detail"}} and the
/// next goes on. Empty lines are passed over.
#[derive(Debug, Args)]
pub(super) struct Calculate {
    /// The method.
    #[arg(
        value_name = "METHOD",
        value_parser = PossibleValuesParser::new(Method::ALL.map(Method::name))
            .try_map(|name| name.parse::<Method>())
    )]
    method: Method,
}

impl Calculate {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let input = BufReader::new(std::io::stdin().lock());
        match stream(self.method, input, std::io::stdout().lock()) {
            // Whoever reads the answers has had enough.
            Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            done => done.map(|()| ExitCode::SUCCESS).map_err(Failure::Io),
        }
    }
}

/// Answers line by line. Answers leave when no more input is at hand, so that a
/// program that asks and waits gets its answer, and a long file goes fast.
fn stream<R: Read>(
    method: Method,
    mut input: BufReader<R>,
    output: impl Write,
) -> std::io::Result<()> {
    let mut output = BufWriter::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut input).take(LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        if !line.ends_with(b"\n") {
            skip_line(&mut input)?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim().trim_start_matches('\u{feff}');
        if !text.is_empty() {
            writeln!(output, "{}", calculate_line(method, text))?;
        }
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

/// Passes over the rest of a line that is too long.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn answers(input: &[u8]) -> Vec<Value> {
        let mut output = Vec::new();
        stream(Method::Ratio, BufReader::new(input), &mut output).unwrap();
        String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn answers_in_order_and_goes_on_after_an_error() {
        let good = r#"{"previous":[10,20,30,40],"current":[8,22,null,null]}"#;
        let input = format!("{good}\nnonsense\n\n\u{feff}{good}\n{good}");
        let answers = answers(input.as_bytes());
        assert_eq!(answers.len(), 4);
        assert!(answers[0]["beta"].is_number(), "{}", answers[0]);
        assert!(answers[1]["error"]["code"].is_string());
        assert_eq!(answers[0], answers[3]);
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error_of_their_line() {
        let answers = answers(b"\xff\xfe{}\n{\"previous\":[1,2],\"current\":[1,2]}\n");
        assert_eq!(answers.len(), 2);
        assert!(answers[0]["error"]["code"].is_string());
        assert!(answers[1]["seen"].is_number(), "{}", answers[1]);
    }

    #[test]
    fn a_line_without_end_takes_no_more_than_its_limit() {
        let limit = usize::try_from(LINE_BYTES).unwrap();
        let mut input = vec![b'x'; limit + 100_000];
        input.extend_from_slice(b"\n{\"previous\":[1,2],\"current\":[1,2]}\n");
        let answers = answers(&input);
        assert_eq!(answers.len(), 2);
        assert!(answers[0]["error"]["code"].is_string());
        assert!(answers[1]["seen"].is_number(), "{}", answers[1]);
    }
}
