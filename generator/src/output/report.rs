//! Describes the files that plans would change, for the options `--check` and `--dry-run`.

use std::fmt::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::plan::{Action, Change, Plan};

/// The maximum number of diff lines that are shown for a file.
const MAX_DIFF_LINES: usize = 40;

/// Checks that all generated files are up to date, i.e. that no plan has changes.
///
/// # Errors
/// Returns a report of the files that are out of date, with diffs. The report tells the user to run `command`.
pub fn check<'p>(plans: impl IntoIterator<Item = &'p Plan>, command: &str) -> Result<(), OutOfDate> {
    let plans: Vec<&Plan> = plans.into_iter().collect();
    if plans.iter().all(|plan| plan.is_up_to_date()) {
        return Ok(());
    }
    Err(OutOfDate { text: render(&plans, command) })
}

/// The error for files that are out of date. The error message is the report of [`check`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct OutOfDate {
    text: String,
}

impl fmt::Display for Plan {
    /// Formats the plan with one line for each change, without diffs. Writes nothing if there are no changes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&table(&[self]))
    }
}

fn render(plans: &[&Plan], command: &str) -> String {
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
    let mut conflicts = plans.iter().flat_map(|plan| &plan.conflicts).peekable();
    if conflicts.peek().is_some() {
        text.push_str("note: these files were not generated, and are only replaced with `--force`\n");
        for one in conflicts {
            text.push_str(&format!("  {one}\n"));
        }
    }
    text.push_str(&format!("help: run `{command}` and commit the result"));
    text
}

/// Formats one line for each change, such as `  stale    generated/src/lib.rs     +4 −1`, in aligned columns. The
/// numbers count added and removed lines.
fn table(plans: &[&Plan]) -> String {
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
        Action::Replace { on_disk: None, .. } => "not a file".to_owned(),
        Action::Replace { on_disk: Some(on_disk), text } => {
            let diff = TextDiff::from_lines(on_disk.as_str(), &**text);
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            format!("+{} −{}", count(ChangeTag::Insert), count(ChangeTag::Delete))
        }
        Action::Remove { temporary: true } => "temporary file of an interrupted run".to_owned(),
        Action::Remove { temporary: false } => "no longer generated".to_owned(),
    }
}

/// Returns the first lines of the unified diff of a stale file. Returns `None` for other changes.
fn difference(plan: &Plan, change: &Change) -> Option<String> {
    let Action::Replace { on_disk: Some(on_disk), text } = &change.action else { return None };
    let shown = plan.root.show(&change.path);
    let diff = TextDiff::from_lines(on_disk.as_str(), &**text);
    let full = diff.unified_diff().context_radius(3).header(&shown, &format!("{shown} (as generated)")).to_string();
    let mut shortened = String::from("\n");
    for line in full.lines().take(MAX_DIFF_LINES) {
        shortened.push_str(line);
        shortened.push('\n');
    }
    let more = full.lines().count().saturating_sub(MAX_DIFF_LINES);
    if more > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(shortened, "({more} more lines)");
    }
    shortened.push('\n');
    Some(shortened)
}
