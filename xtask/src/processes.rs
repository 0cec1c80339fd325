//! Processes that a command has started, and what they are doing: for a step that does not end.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};

/// A process and what its threads are doing.
#[derive(Debug)]
pub(crate) struct Process {
    id: u32,
    command: String,
    threads: Vec<Thread>,
}

#[derive(Debug)]
struct Thread {
    name: String,
    /// As Linux has it: `R` runs, `S` sleeps, `D` waits for a disk.
    state: String,
    /// Time on a core, in hundredths of a second.
    ticks: u64,
    /// The kernel's function that it sleeps in.
    within: String,
}

/// A process and all that it has started, itself first. Empty where there is no `/proc`.
pub(crate) fn with_descendants(id: u32) -> Vec<Process> {
    let known: Vec<(u32, u32)> = numbered("/proc")
        .filter_map(|id| Some((id, parent(id)?)))
        .collect();
    let mut family = vec![id];
    let mut next = 0;
    while let Some(&one) = family.get(next) {
        let children = known.iter().filter(|(_, parent)| *parent == one);
        family.extend(children.map(|(id, _)| *id));
        next += 1;
    }
    family.into_iter().filter_map(Process::read).collect()
}

/// Ends them at once.
pub(crate) fn kill(processes: &[Process]) {
    let ids = processes.iter().map(|process| process.id.to_string());
    // The shell's own: not every machine has a program of that name. One that has ended
    // meanwhile is no failure.
    let _ = Command::new("sh")
        .args(["-c", "kill -KILL \"$@\"", "sh"])
        .args(ids)
        .stderr(Stdio::null())
        .status();
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
        let tasks = format!("/proc/{id}/task");
        let threads = numbered(&tasks)
            .filter_map(|thread| Thread::read(&format!("{tasks}/{thread}")))
            .collect();
        Some(Self {
            id,
            command: String::from_utf8_lossy(&command).replace('\0', " "),
            threads,
        })
    }
}

impl Thread {
    fn read(directory: &str) -> Option<Self> {
        let fields = fields(directory)?;
        let ticks = |n: usize| fields.get(n)?.parse::<u64>().ok();
        let read = |file: &str| fs::read_to_string(format!("{directory}/{file}")).ok();
        Some(Self {
            name: read("comm")?.trim().to_owned(),
            state: fields.first()?.clone(),
            ticks: ticks(11)? + ticks(12)?,
            within: read("wchan").unwrap_or_default(),
        })
    }
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.id, self.command.trim_end())?;
        for thread in &self.threads {
            let Thread {
                name,
                state,
                ticks,
                within,
            } = thread;
            let seconds = ticks / 100;
            write!(
                formatter,
                "\n    {name}: {state}, {seconds} s of a core, {within}"
            )?;
        }
        Ok(())
    }
}

fn parent(id: u32) -> Option<u32> {
    fields(&format!("/proc/{id}"))?.get(1)?.parse().ok()
}

/// The fields of a `stat` file after the name, which may hold anything; the first is
/// the state.
fn fields(directory: &str) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("{directory}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// The entries of a directory whose names are numbers.
fn numbered(directory: &str) -> impl Iterator<Item = u32> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Ended also when a test fails: whoever reads its streams would wait for it.
    struct Ending(std::process::Child);

    impl Drop for Ending {
        fn drop(&mut self) {
            kill(&with_descendants(self.0.id()));
            let _ = self.0.wait();
        }
    }

    #[test]
    fn finds_what_a_command_started_and_ends_it() {
        let script = "sleep 1234 & wait";
        let child = Command::new("sh").args(["-c", script]).spawn().unwrap();
        let mut child = Ending(child);
        // A process has its parent's name until it runs a program of its own.
        let family = (0..500)
            .find_map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(10));
                let family = with_descendants(child.0.id());
                let last = family.last()?.to_string();
                last.contains("sleep: S, 0 s of a core").then_some(family)
            })
            .expect("the sleep is found");
        assert_eq!(family.len(), 2, "{family:?}");
        assert!(family[1].command.starts_with("sleep 1234"), "{family:?}");
        kill(&family);
        assert!(!child.0.wait().unwrap().success());
    }
}
