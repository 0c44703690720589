//! A [`Diagnostic`] as a terminal shows it, with the line of the file that it is about.
//!
//! Separate from the type itself, whose `Display` is plain text without the source line.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Diagnostics};

/// All of them, styled; whoever prints takes the styles out where they are not wanted.
pub fn render(diagnostics: &Diagnostics) -> String {
    let shown: Vec<String> = diagnostics.0.iter().map(|one| with(Level::ERROR, one)).collect();
    shown.join("\n\n")
}

/// One that stops nothing.
pub fn warning(diagnostic: &Diagnostic) -> String {
    with(Level::WARNING, diagnostic)
}

fn with(level: Level<'static>, diagnostic: &Diagnostic) -> String {
    let mut group = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code)
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    if let Some(place) = &diagnostic.place {
        let end = place.text.len();
        let range = place.range.start.min(end)..place.range.end.min(end);
        // A statement of many lines is shown by its first.
        let first = place.text[range.clone()].find('\n').map_or(range.end, |at| range.start + at);
        group = group.element(
            Snippet::source(&*place.text)
                .path(&*place.path)
                .annotation(AnnotationKind::Primary.span(range.start..first)),
        );
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}
