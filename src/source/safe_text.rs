//! Makes text from outside fit to be shown: escaped, capped, without the key.
//!
//! Every text of a feed that reaches a log, an error or a page as *detail* passes here.
//! Escaping for HTML is the page's business, not done here.

/// Returns text that is safe on a terminal and in a log line: control characters, line breaks and
/// writing-direction marks escaped, at most `max_chars` characters of the original.
#[must_use]
pub fn shown(text: &str, max_chars: usize) -> String {
    let mut safe = String::with_capacity(text.len().min(max_chars) + 8);
    for (i, c) in text.chars().enumerate() {
        if i == max_chars {
            safe.push('…');
            break;
        }
        if c.is_control() || turns_text(c) {
            safe.extend(c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

/// The same for bytes that may not be UTF-8.
#[must_use]
pub fn shown_bytes(bytes: &[u8], max_chars: usize) -> String {
    // Four bytes are the longest character, so no shown character is lost by cutting first.
    let head = bytes.get(..max_chars.saturating_mul(4).saturating_add(4)).unwrap_or(bytes);
    shown(&String::from_utf8_lossy(head), max_chars)
}

/// Characters that change the direction or the line of text, or that nobody can see.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Replaces every copy of a secret in a body by `***`, whatever its case.
///
/// A server may echo the request, key included, in what it answers.
#[must_use]
pub fn without_secret(bytes: Vec<u8>, secret: &str) -> Vec<u8> {
    let secret = secret.as_bytes();
    let Some(first) = secret.first() else { return bytes };
    let starts_here = |rest: &[u8]| rest.get(..secret.len()).is_some_and(|head| head.eq_ignore_ascii_case(secret));
    let found = |from: usize| {
        (from..bytes.len()).find(|&i| {
            bytes.get(i..).is_some_and(|rest| {
                rest.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first)) && starts_here(rest)
            })
        })
    };
    let Some(mut hit) = found(0) else { return bytes };
    let mut clean = Vec::with_capacity(bytes.len());
    let mut from = 0;
    loop {
        clean.extend_from_slice(bytes.get(from..hit).unwrap_or_default());
        clean.extend_from_slice(b"***");
        from = hit + secret.len();
        match found(from) {
            Some(next) => hit = next,
            None => break,
        }
    }
    clean.extend_from_slice(bytes.get(from..).unwrap_or_default());
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_terminal_or_a_line_survives() {
        let hostile = "a\u{1b}[31m\n\0\u{202e}b\u{2028}\u{200b}";
        let safe = shown(hostile, 100);
        assert_eq!(safe, r"a\u{1b}[31m\n\u{0}\u{202e}b\u{2028}\u{200b}");
    }

    #[test]
    fn long_text_is_cut_by_characters_and_says_so() {
        assert_eq!(shown("白城市火点", 3), "白城市…");
        assert_eq!(shown("abc", 3), "abc");
        assert_eq!(shown_bytes("白城市火点".as_bytes(), 3), "白城市…");
        assert_eq!(shown_bytes(b"a\xff", 9), "a\u{fffd}");
    }

    #[test]
    fn every_copy_of_the_key_goes_whatever_its_alert() {
        let body = b"key abc123 ABC123abc123, abc12".to_vec();
        assert_eq!(without_secret(body, "abc123"), b"key *** ******, abc12");
        assert_eq!(without_secret(b"x".to_vec(), ""), b"x");
    }
}
