//! Swedish personal numbers, coordination numbers included, recognised by their check
//! digit. There is no field for one; this is for free texts.

/// Returns whether a text holds a personal or coordination number whose date can be and
/// whose check digit is right: ten or twelve digits, with or without `-`, `+` or a space
/// before the last four.
///
/// Source: Skatteverket, SKV 704; the check digit is Luhn's (ISO/IEC 7812-1) over the
/// ten digits.
pub fn holds_personal_number(text: &str) -> bool {
    // Nearly every text is done here.
    if text.len() < 10 || text.chars().filter(|c| digit(*c).is_some()).count() < 10 {
        return false;
    }
    // Every run of digits; inside one, single separators are passed over.
    let mut digits: Vec<u8> = Vec::new();
    let mut gap = 0;
    for c in text.chars().chain(std::iter::once('\n')) {
        if let Some(digit) = digit(c) {
            digits.push(digit);
            gap = 0;
        } else if matches!(c, '-' | '+' | ' ' | '\u{a0}' | '–' | '−' | '.' | '/') && gap == 0 {
            gap = 1;
        } else {
            if any(&digits) {
                return true;
            }
            digits.clear();
            gap = 0;
        }
    }
    false
}

/// Returns the value of a digit of any script that writes numbers in tens.
fn digit(c: char) -> Option<u8> {
    if let Some(value) = c.to_digit(10) {
        return u8::try_from(value).ok();
    }
    // Arabic-Indic, extended Arabic-Indic, Devanagari, Bengali, fullwidth.
    let zeros = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{ff10}'];
    zeros.into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        u8::try_from(value).ok().filter(|v| *v < 10)
    })
}

/// Returns whether the digits hold a number anywhere among them, as long as they are not
/// part of a much longer row of digits, which is something else.
fn any(digits: &[u8]) -> bool {
    if !(10..=16).contains(&digits.len()) {
        return false;
    }
    let twelve = digits
        .windows(12)
        .any(|d| matches!((d[0], d[1]), (1, 8 | 9) | (2, 0)) && is_number(&d[2..]));
    twelve || (digits.len() <= 11 && digits.windows(10).any(is_number))
}

/// Returns whether ten digits are a date (a day of 61–91 is a coordination number's), a
/// running number and the right check digit.
fn is_number(d: &[u8]) -> bool {
    let (month, day) = (d[2] * 10 + d[3], d[4] * 10 + d[5]);
    let day = if day > 60 { day - 60 } else { day };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return false;
    }
    let sum: u8 = d
        .iter()
        .enumerate()
        .map(|(i, digit)| {
            let weighed = if i % 2 == 0 { digit * 2 } else { *digit };
            weighed / 10 + weighed % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_right_check_digit_are_found_however_written() {
        // The tax agency's own test numbers, and made-up coordination numbers.
        for text in [
            "811228-9874",
            "8112289874",
            "19811228-9874",
            "198112289874",
            "pnr 811228 9874.",
            "(811228+9874)",
            "701063-2391",
            "نمبر ٨١١٢٢٨٩٨٧٤",
            "tel 0700000000, pnr 811228-9874",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_let_be() {
        for text in [
            "",
            "08-508 40 000",
            "+46 70 123 45 67",
            "811228-9875",
            "811328-9874",
            "2024-06-03 20:00",
            "59.3123 18.0567",
            "123456789012345678901234567890",
            "5 vuxna, 2 barn, 12 tält",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }
}
