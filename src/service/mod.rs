//! Use cases: permit → load → change → commit → tell. The only way to data for everything above.

pub mod demo;
