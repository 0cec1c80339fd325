//! Small numerical tools with one answer on every platform.

/// The two-sided 95 % quantile of the standard normal distribution.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Beyond this many degrees of freedom Student's t is the normal distribution.
const NORMAL_FROM_DF: f64 = 1e6;

/// Computes the regularised incomplete beta function I_x(a, b) by Lentz's
/// continued fraction (DLMF 8.17.22).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = libm::exp(
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
            + a * libm::log(x)
            + b * libm::log1p(-x),
    );
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for step in 1..500_u32 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        result *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let change = d * c;
        result *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    result
}

/// Returns the probability that Student's t with `df` degrees of freedom exceeds `t` in
/// absolute value.
pub fn student_two_sided(t: f64, df: f64) -> f64 {
    incomplete_beta(df / 2.0, 0.5, df / (df + t * t))
}

/// Returns the two-sided 95 % quantile of Student's t: the `t` with P(|T| > t) = 0.05. `df`
/// may be fractional; below 0.5 it counts as 0.5, and an infinite or enormous `df` gives
/// the normal quantile.
pub fn t95(df: f64) -> f64 {
    if df.is_nan() || df <= 0.5 {
        return t95(0.500_000_1);
    }
    if df >= NORMAL_FROM_DF {
        return Z95;
    }
    let (mut low, mut high) = (1.0, 2.0);
    while student_two_sided(high, df) > 0.05 {
        low = high;
        high *= 2.0;
    }
    // Bisection to adjacent numbers: slower than Newton, with nothing to tune
    // and one answer whatever the platform.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if student_two_sided(middle, df) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Returns the factor C of a log-normal interval for a part `f` that is known to be
/// positive: the interval is [f/C, f·C]. `quantile` is t or z.
///
/// C = exp(quantile · √ln(1 + SE²/f²)), Burnham's interval for an unseen part.
pub fn log_normal_factor(f: f64, se: f64, quantile: f64) -> f64 {
    libm::exp(quantile * libm::log1p(se * se / (f * f)).sqrt())
}

/// Returns the log-normal interval above what was seen: [K + f/C, K + fC] with f =
/// max(total − K, ½), so that it never falls below what was seen.
pub fn interval_above_seen(seen: f64, total: f64, se: f64, quantile: f64) -> [f64; 2] {
    let f = (total - seen).max(0.5);
    let c = log_normal_factor(f, se, quantile);
    [seen + f / c, seen + f * c]
}

/// Rounds to 12 significant digits, the precision of every printed figure.
/// Values that are not finite stay as they are.
pub fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        // Also turns a negative zero into zero.
        return if value == 0.0 { 0.0 } else { value };
    }
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_quantiles_match_r() {
        // R: qt(0.975, c(1, 2, 2.5, 4, 7, 13, 30, 1000))
        let known = [
            (1.0, 12.706_204_736_174_7),
            (2.0, 4.302_652_729_749_46),
            (2.5, 3.574_654_842_003_69),
            (4.0, 2.776_445_105_197_8),
            (7.0, 2.364_624_251_592_78),
            (13.0, 2.160_368_656_462_79),
            (30.0, 2.042_272_456_301_24),
            (1000.0, 1.962_339_080_826_41),
        ];
        for (df, expected) in known {
            let got = t95(df);
            assert!((got - expected).abs() < 1e-9, "df {df}: {got} ≠ {expected}");
        }
        assert!((t95(f64::INFINITY) - Z95).abs() < 1e-15);
    }

    #[test]
    fn twelve_digits() {
        assert_eq!(significant(1.0 / 3.0).to_string(), "0.333333333333");
        assert_eq!(significant(-0.0).to_string(), "0");
        assert_eq!(significant(123_456_789_012_345.0), 123_456_789_012_000.0);
    }
}
