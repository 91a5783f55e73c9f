//! Nor can what shows that authz asks.
use rolecall::authz::Asking;

fn asking() -> Asking {
    Asking(())
}

fn main() {}
