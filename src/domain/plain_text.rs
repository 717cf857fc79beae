//! Text that people copy from elsewhere, without what cannot be seen in it.
//!
//! A list that went through a chat program or a web page carries marks of direction, joiners and byte order marks
//! inside names, codes and numbers: two texts look the same and are not. Called wherever such text comes in; it does
//! not decide what a text may say.
//!
//! # Source
//! Unicode 17, general category Cf (format characters); Unicode Standard Annex 15 for compatibility forms.

use icu_normalizer::ComposingNormalizerBorrowed;

/// The text in its compatibility form: full-width digits, letters and signs become the ordinary ones.
///
/// Not for names: it also replaces rare Chinese characters by common ones.
#[must_use]
pub fn compatible(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

/// The text without format and control characters, and without blanks at its ends; line breaks and tabs stay.
///
/// Joiners stay: Mongolian and other scripts are spelt with them.
#[must_use]
pub fn visible(text: &str) -> String {
    let shown = |c: &char| matches!(c, '\n' | '\r' | '\t') || is_joiner(*c) || !(c.is_control() || is_format(*c));
    text.chars().filter(shown).collect::<String>().trim().to_owned()
}

/// A person's name: visible, its blanks single, and those between the two characters of a short Chinese name left out,
/// which lists put there to make it as wide as the others (张　三).
#[must_use]
pub fn person_name(text: &str) -> String {
    let shown = visible(text);
    let words: Vec<&str> = shown.split_whitespace().collect();
    let is_one_character = |word: &&str| word.chars().count() == 1 && word.chars().all(is_han);
    match words.as_slice() {
        [first, last] if [first, last].iter().all(|word| is_one_character(word)) => words.concat(),
        _ => words.join(" "),
    }
}

/// Whether a character is a format character, which shows nothing by itself.
#[must_use]
pub fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

/// Zero-width non-joiner and joiner, and the Mongolian vowel separator.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{180E}' | '\u{200C}' | '\u{200D}')
}

/// Whether a character is Chinese: the unified ideographs and their extensions.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_left_out_and_what_can_stays() {
        let cases = [
            ("\u{FEFF}示例甲\u{200B}", "示例甲"),
            ("\u{202D}2208\u{202C}", "2208"),
            (" \u{A0}赵一\u{3000}", "赵一"),
            ("赵\u{AD}一\u{0}", "赵一"),
            ("两行\n的备注", "两行\n的备注"),
            ("ᠮᠣᠩᠭᠣᠯ\u{180E}", "ᠮᠣᠩᠭᠣᠯ\u{180E}"),
            ("\u{FA11}", "\u{FA11}"),
        ];
        for (text, expected) in cases {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_short_name_that_was_spaced_out_is_the_name_and_two_people_stay_two() {
        let cases = [
            ("张　三", "张三"),
            ("张  三", "张三"),
            ("张\n三", "张三"),
            ("示例甲", "示例甲"),
            ("张三 李四", "张三 李四"),
            ("Nurlan   Aliyev", "Nurlan Aliyev"),
            ("阿依古丽·买买提", "阿依古丽·买买提"),
            ("A B", "A B"),
        ];
        for (text, expected) in cases {
            assert_eq!(person_name(text), expected, "{text:?}");
        }
    }
}
