//! The studies as one SVG: coverage of the chosen method and the alternatives.

use std::fmt::Write as _;

use anyhow::Result;

use crate::study::Studies;

/// The height of a row, and of the space above the first.
const ROW: f64 = 26.0;
const TOP: f64 = 92.0;
/// Where the plots start and how wide each is.
const LEFT: f64 = 330.0;
const WIDTH: f64 = 300.0;
const GAP: f64 = 60.0;
/// Methods in the order of the studies: a filled, a hollow, a crossed mark.
const COLOURS: [&str; 4] = ["#005a9c", "#b34700", "#555555", "#7a4fa3"];

/// A plot: what is shown, over which range, and the band that is wanted.
struct Axis {
    title: &'static str,
    from: f64,
    to: f64,
    wanted: [f64; 2],
    ticks: [f64; 5],
    at: f64,
}

impl Axis {
    fn x(&self, value: f64) -> f64 {
        let share = (value.clamp(self.from, self.to) - self.from) / (self.to - self.from);
        self.at + WIDTH * share
    }
}

const AXES: [Axis; 2] = [
    Axis {
        title: "share of “95 %” intervals that hold the truth",
        from: 0.6,
        to: 1.0,
        wanted: [0.94, 0.96],
        ticks: [0.6, 0.7, 0.8, 0.9, 1.0],
        at: LEFT,
    },
    Axis {
        title: "bias, share of the truth",
        from: -0.2,
        to: 0.2,
        wanted: [-0.01, 0.01],
        ticks: [-0.2, -0.1, 0.0, 0.1, 0.2],
        at: LEFT + WIDTH + GAP,
    },
];

/// Draws the studies.
pub(crate) fn draw(studies: &Studies) -> Result<String> {
    let mut rows: Vec<(String, Vec<[f64; 2]>)> = Vec::new();
    for study in &studies.nights {
        rows.push((
            format!("A · {}, {} drawn", study.set_up.name, study.drawn),
            study.methods.iter().map(|m| [m.coverage, m.bias]).collect(),
        ));
    }
    for study in &studies.periods {
        rows.push((
            format!("B · {}", study.set_up.name),
            study.methods.iter().map(|m| [m.coverage, m.bias]).collect(),
        ));
    }
    #[expect(clippy::cast_precision_loss, reason = "some dozens of rows")]
    let bottom = TOP + ROW * rows.len() as f64;
    let width = LEFT + 2.0 * WIDTH + GAP + 30.0;
    let mut svg = String::new();
    write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\" role=\"img\" \
         aria-label=\"Coverage and bias of the estimates\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"16\" y=\"26\" font-size=\"17\" font-weight=\"600\">How well the estimates do \
         in synthetic cities (seed {seed})</text>\n",
        height = bottom + 40.0,
        seed = studies.seed
    )?;
    legend(&mut svg, studies)?;
    for axis in &AXES {
        frame(&mut svg, axis, bottom)?;
    }
    for (row, (name, methods)) in (0_u32..).zip(&rows) {
        let y = TOP + ROW * (f64::from(row) + 0.5);
        writeln!(svg, "<text x=\"16\" y=\"{:.1}\">{name}</text>", y + 4.0)?;
        for (index, values) in methods.iter().enumerate().rev() {
            for (axis, &value) in AXES.iter().zip(values) {
                mark(&mut svg, index, axis.x(value), y)?;
            }
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

fn legend(svg: &mut String, studies: &Studies) -> Result<()> {
    let names = |methods: &[estimate_studies::performance::Performance]| {
        methods.iter().map(|m| m.method).collect::<Vec<_>>()
    };
    let a = studies
        .nights
        .first()
        .map(|s| names(&s.methods))
        .unwrap_or_default();
    let b = studies
        .periods
        .first()
        .map(|s| names(&s.methods))
        .unwrap_or_default();
    for index in 0..a.len().max(b.len()) {
        let text = match (a.get(index), b.get(index)) {
            (Some(a), Some(b)) => format!("A: {a}; B: {b}"),
            (Some(a), None) => format!("A: {a}"),
            (None, Some(b)) => format!("B: {b}"),
            (None, None) => continue,
        };
        let (column, line) = (index % 2, index / 2);
        let x = if column == 0 { 24.0 } else { 500.0 };
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let y = 44.0 + 18.0 * line as f64;
        mark(svg, index, x, y)?;
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\">{text}</text>",
            x + 12.0,
            y + 4.0
        )?;
    }
    Ok(())
}

fn frame(svg: &mut String, axis: &Axis, bottom: f64) -> Result<()> {
    let [low, high] = axis.wanted.map(|value| axis.x(value));
    writeln!(
        svg,
        "<rect x=\"{low:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#d8e8d8\"/>",
        high - low,
        bottom - TOP
    )?;
    for tick in axis.ticks {
        let x = axis.x(tick);
        writeln!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"#ccc\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{tick:.1}</text>",
            bottom + 18.0
        )?;
    }
    writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{}</text>",
        axis.at + WIDTH / 2.0,
        bottom + 34.0,
        axis.title
    )?;
    Ok(())
}

/// Methods differ in shape as well as in colour.
fn mark(svg: &mut String, method: usize, x: f64, y: f64) -> Result<()> {
    let colour = COLOURS[method % COLOURS.len()];
    match method {
        0 => writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{colour}\"/>"
        ),
        1 => writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"2\"/>"
        ),
        2 => writeln!(
            svg,
            "<path d=\"M{:.1} {:.1}l8 8m0 -8l-8 8\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            x - 4.0,
            y - 4.0
        ),
        _ => writeln!(
            svg,
            "<path d=\"M{x:.1} {:.1}l4.5 8h-9z\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            y - 5.0
        ),
    }?;
    Ok(())
}
