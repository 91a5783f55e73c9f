use memchr::memmem::Finder;
use proptest::prelude::*;

use super::super::{Folded, TextColumn};
use super::Sifted;
use crate::model::text::fold;

/// Which of these slots hold the text, and which are it, asked twice with what the first time learnt.
fn asked(column: &TextColumn, slots: &[u32], wanted: &str) -> (Vec<bool>, Vec<bool>) {
    let (mut sifted, mut known) = (Sifted::default(), (column.known(), column.known()));
    let finder = Finder::new(wanted);
    let mut both = (Vec::new(), Vec::new());
    for _ in 0..2 {
        both = (vec![false; slots.len()], vec![false; slots.len()]);
        column.sift(slots, &mut sifted);
        known.0.answer(column, &sifted, &mut both.0, |text| text.folded.to_text().contains(wanted));
        sifted.find(&finder, &mut both.0);
        known.1.answer(column, &sifted, &mut both.1, |text| text.folded.is(Folded::of(wanted)));
        sifted.mark(&mut both.1, |text| text.is(Folded::of(wanted)));
    }
    both
}

fn filled(texts: &[Option<String>], repeating: bool) -> TextColumn {
    let mut column = if repeating { TextColumn::default() } else { TextColumn::of_unique() };
    for (slot, text) in (0..).zip(texts) {
        if let Some(text) = text {
            column.set(slot, Some(text));
        }
    }
    column
}

/// Texts over few characters, so that they often hold each other; some are long, some fold to others,
/// and some hold what a length looks like.
fn text() -> impl Strategy<Value = String> {
    let short = "[abAB\u{1}\u{2}\u{3} ß]{0,4}";
    prop_oneof![8 => short, 1 => "[ab]{60,70}", 1 => Just("İstanbul".to_owned()), 1 => Just("i̇".to_owned())]
}

proptest! {
    #[test]
    fn any_slots_answer_as_their_texts_do_by_themselves(
        texts in prop::collection::vec(prop::option::weighted(0.8, text()), 0..80),
        again in prop::collection::vec((0..80usize, prop::option::weighted(0.8, text())), 0..20),
        picked in prop::collection::vec(0..90u32, 0..60),
        in_order: bool,
        repeating: bool,
        wanted in text(),
    ) {
        let mut texts = texts;
        let mut column = filled(&texts, repeating);
        for (slot, text) in again {
            if let Some(place) = texts.get_mut(slot) {
                column.set(u32::try_from(slot).unwrap(), text.as_deref());
                *place = text;
            }
        }
        let mut slots = picked;
        if in_order {
            slots.sort_unstable();
            slots.dedup();
        }
        let wanted = fold(&wanted);
        prop_assume!(!wanted.is_empty());
        let text = |slot: &u32| texts.get(*slot as usize).and_then(Option::as_ref).map(|text| fold(text));
        let (holding, being) = asked(&column, &slots, &wanted);
        let expected: Vec<bool> = slots.iter().map(|slot| text(slot).is_some_and(|text| text.contains(&wanted))).collect();
        prop_assert_eq!(holding, expected);
        let expected: Vec<bool> = slots.iter().map(|slot| text(slot).is_some_and(|text| text == wanted)).collect();
        prop_assert_eq!(being, expected);
    }
}

#[test]
fn nothing_is_found_across_two_texts_nor_in_their_lengths() {
    let texts = ["ab", "cd", "\u{2}cd", "Straße", "STRASSE"].map(|text| Some(text.to_owned()));
    let column = filled(&texts, false);
    let holding = |wanted: &str| asked(&column, &[0, 1, 2, 3, 4], wanted).0;
    assert_eq!(holding("b\u{2}c"), [false; 5]);
    assert_eq!(holding("\u{2}c"), [false, false, true, false, false]);
    assert_eq!(holding("ss"), [false, false, false, true, true]);
    assert_eq!(holding("ß"), [false; 5]);
}
