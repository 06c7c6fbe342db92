//! The report of `--check` and of `--dry-run`: plans come in, the text that a person reads comes out.

use std::fmt::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::plan::{Action, Change, Plan};

/// So much of the difference of one file is shown.
const DIFF_LINES: usize = 40;

/// Says whether the folders hold what they should hold; `command` is what the report tells the user to run.
///
/// # Errors
/// The report of what is out of date.
pub fn check(plans: &[Plan], command: &str) -> Result<(), OutOfDate> {
    if plans.iter().all(Plan::is_up_to_date) {
        return Ok(());
    }
    Err(OutOfDate { text: render(plans, command) })
}

/// Files are out of date; shown as the whole report, which ends with what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct OutOfDate {
    text: String,
}

impl fmt::Display for Plan {
    /// One line for each file that is not as it should be, without the differences; empty if there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&table(std::slice::from_ref(self)))
    }
}

fn render(plans: &[Plan], command: &str) -> String {
    let count: usize = plans.iter().map(|plan| plan.changes.len()).sum();
    let mut text = match count {
        1 => "1 generated file is out of date\n".to_owned(),
        count => format!("{count} generated files are out of date\n"),
    };
    text.push_str(&table(plans));
    for plan in plans {
        for change in &plan.changes {
            text.push_str(&difference(plan, change).unwrap_or_default());
        }
    }
    let mut in_the_way = plans.iter().flat_map(|plan| &plan.in_the_way).peekable();
    if in_the_way.peek().is_some() {
        text.push_str("note: clientwright did not write these, and will not replace them without `--force`\n");
        for one in in_the_way {
            text.push_str(&format!("  {one}\n"));
        }
    }
    text.push_str(&format!("help: run `{command}` and commit the result"));
    text
}

/// `  stale    generated/src/lib.rs     +4 −1`, with the notes in one column.
fn table(plans: &[Plan]) -> String {
    let rows: Vec<(&str, String, String)> = plans
        .iter()
        .flat_map(|plan| plan.changes.iter().map(|change| (word(change), plan.root.show(&change.path), note(change))))
        .collect();
    let width = rows.iter().map(|(_, path, _)| path.chars().count()).max().unwrap_or_default();
    let mut table = String::new();
    for (word, path, note) in rows {
        let row = format!("  {word:<7}  {path:<width$}     {note}");
        table.push_str(row.trim_end());
        table.push('\n');
    }
    table
}

fn word(change: &Change) -> &'static str {
    match change.action {
        Action::Create { .. } => "missing",
        Action::Replace { .. } => "stale",
        Action::Remove { .. } => "orphan",
    }
}

fn note(change: &Change) -> String {
    match &change.action {
        Action::Create { .. } => String::new(),
        Action::Replace { found: None, .. } => "not a file".to_owned(),
        Action::Replace { found: Some(found), text } => {
            let diff = TextDiff::from_lines(found.as_str(), &**text);
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            format!("+{} −{}", count(ChangeTag::Insert), count(ChangeTag::Delete))
        }
        Action::Remove { temporary: true } => "left behind by a run that was stopped".to_owned(),
        Action::Remove { temporary: false } => "no longer produced".to_owned(),
    }
}

/// The first lines of the unified difference of a stale file.
fn difference(plan: &Plan, change: &Change) -> Option<String> {
    let Action::Replace { found: Some(found), text } = &change.action else { return None };
    let shown = plan.root.show(&change.path);
    let diff = TextDiff::from_lines(found.as_str(), &**text);
    let whole = diff.unified_diff().context_radius(3).header(&shown, &format!("{shown} (as generated)")).to_string();
    let mut difference = String::from("\n");
    for line in whole.lines().take(DIFF_LINES) {
        difference.push_str(line);
        difference.push('\n');
    }
    let more = whole.lines().count().saturating_sub(DIFF_LINES);
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(difference, "({more} more lines)");
    }
    difference.push('\n');
    Some(difference)
}
