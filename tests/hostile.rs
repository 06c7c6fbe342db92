//! Documents that somebody wrote to do harm, whole: what comes of each is a client or findings, in bounded time, and nothing
//! of it reaches where it does not belong.
//!
//! What is random is tried in `fuzz`; here stands what has a name.

mod fixture;
#[path = "fuzz/judge.rs"]
mod judge;

#[path = "hostile/circles.rs"]
mod circles;
#[path = "hostile/document.rs"]
mod document;
#[path = "hostile/growth.rs"]
mod growth;
#[path = "hostile/names.rs"]
mod names;
#[path = "hostile/nesting.rs"]
mod nesting;
#[path = "hostile/places.rs"]
mod places;
