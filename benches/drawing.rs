//! How long it takes from a key press to the frame that it makes, in memory: on each screen, large and
//! small, with few records and many. `benches/peers` has the same to a terminal, with its tail.
//!
//! `cargo bench --bench drawing`; add `-- --quick` for a glance.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "common/console.rs"]
mod console;

use console::{SCREENS, SIZES, Seat};
use criterion::{Criterion, criterion_group, criterion_main};

fn drawing(c: &mut Criterion) {
    // A glance doesn't wait for a million contacts to be made.
    let many = if std::env::args().any(|argument| argument == "--quick") { 100_000 } else { 1_000_000 };
    for contacts in [1_000, many] {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let engine = console::clinic(&directory.path().join("data"), contacts);
        for size in SIZES {
            let mut group =
                c.benchmark_group(format!("key to frame/{contacts} contacts, {}×{}", size.width, size.height));
            group.sample_size(10);
            let mut seat = Seat::take(&engine, size, Vec::new());
            for screen in SCREENS {
                seat.go(screen);
                seat.out().clear();
                let mut keys = screen.keys.iter().cycle();
                group.bench_function(screen.name, |b| {
                    b.iter(|| {
                        seat.press(keys.next().unwrap());
                        seat.out().clear();
                    });
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, drawing);
criterion_main!(benches);
