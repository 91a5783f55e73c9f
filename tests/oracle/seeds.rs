//! Which random teams are asked. Every test says its seeds at the start, and a failure says its own.

/// The seeds of one test: `teams` of them, or as many as `ROLECALL_ORACLE_TEAMS` says.
pub fn seeds(test: &str, teams: u64) -> impl Iterator<Item = u64> {
    let read = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let first = read("ROLECALL_ORACLE_SEED").unwrap_or(1);
    let teams = read("ROLECALL_ORACLE_TEAMS").unwrap_or(teams);
    println!("{test}: seeds {first} to {}", first + teams - 1);
    first..first + teams
}

/// Runs a test on one seed and names the seed if it fails.
pub fn on(seed: u64, test: impl FnOnce()) {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
    if let Err(panic) = result {
        eprintln!("failed on seed {seed}: ROLECALL_ORACLE_SEED={seed} ROLECALL_ORACLE_TEAMS=1 repeats it");
        std::panic::resume_unwind(panic);
    }
}
