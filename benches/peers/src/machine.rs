//! The machine's kind, and the day.

/// One line about the machine: processor, cores, memory, system. No names.
pub fn kind() -> String {
    let field = |file: &str, name: &str| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once([':', '=']).map(|(_, value)| value.trim().trim_matches('"').to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory: f64 =
        field("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0 / 1024.0;
    let system = rustix::system::uname();
    format!(
        "{}, {cores} cores, {memory:.0} GiB of memory, {} on {} {}",
        field("/proc/cpuinfo", "model name"),
        field("/etc/os-release", "PRETTY_NAME"),
        system.sysname().to_string_lossy(),
        system.release().to_string_lossy().split('-').next().unwrap_or_default(),
    )
}

/// Now, in UTC.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string()
}
