namespace Atenea.Reports;

/// <summary>
/// The frame of an HTML page with the style sheet that reports and charts share. Light or dark as the reader's system asks; the colours of
/// series keep their contrast under all common kinds of colour blindness (after Okabe and Ito), and dashes and markers tell series apart
/// without colour.
/// </summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark;
          --page: #ffffff; --panel: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
          --accent: #0a5ca8; --warn: #9a4b00; --warn-page: #fff4e5;
          --c0: #0a6cb0; --c1: #c8500a; --c2: #00795a; --c3: #a84a82; --c4: #8a6a00; --c5: #3b4a5c; --heat: #08498a; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #14181d; --panel: #1c2229; --ink: #e6eaef; --soft: #9aa7b4; --line: #323b45;
          --accent: #6cb6ff; --warn: #ffb866; --warn-page: #33261a;
          --c0: #62b5f5; --c1: #ff9d5c; --c2: #35cf9f; --c3: #f0a5d0; --c4: #f0d34a; --c5: #b8c4d2; --heat: #6cb6ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; }
        h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
        .subtitle, .caption, figcaption { color: var(--soft); margin: .3rem 0 .6rem; }
        figcaption { font-weight: 600; color: var(--ink); }
        .notice { background: var(--warn-page); border-left: 4px solid var(--warn); padding: .6rem .9rem;
          white-space: pre-line; overflow-wrap: anywhere; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; }
        .figures div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
        .figures dt { color: var(--soft); font-size: .85rem; }
        .figures dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .4rem 0 1rem; }
        th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        tbody th { font-weight: 400; }
        thead th { color: var(--soft); font-weight: 600; }
        .number { text-align: right; }
        .best th, .best td { font-weight: 700; }
        .best th::before { content: "★ "; color: var(--accent); }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem;
          font: .82rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
          margin: .4rem 0 1rem; display: inline-block; min-width: 100%; }
        figure { margin: 1rem 0 1.6rem; }
        details { margin: .4rem 0; }
        summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
        .chart { width: 100%; height: auto; display: block;
          font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
        .chart .grid { stroke: var(--line); stroke-width: 1; }
        .chart .axis { stroke: var(--soft); stroke-width: 1; }
        .chart .tick, .chart .label { fill: var(--ink); }
        .chart .tick { fill: var(--soft); }
        .chart .middle { text-anchor: middle; }
        .chart .end { text-anchor: end; }
        .chart .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .chart .mark { stroke: var(--page); stroke-width: 1; }
        .chart .bar { fill: var(--c0); }
        .chart .cell0 { fill: var(--panel); }
        .chart .cell { fill: var(--heat); }
        .chart .count { fill: var(--ink); font-weight: 600; font-size: 14px; }
        .chart .small { font-weight: 400; font-size: 11.5px; }
        .chart .strong { fill: var(--page); }
        .chart .right { stroke: var(--ink); stroke-width: 1.5; stroke-opacity: .55; }
        .chart .line.s0 { stroke: var(--c0); }
        .chart .line.s1 { stroke: var(--c1); stroke-dasharray: 7 3; }
        .chart .line.s2 { stroke: var(--c2); stroke-dasharray: 2 3; }
        .chart .line.s3 { stroke: var(--c3); stroke-dasharray: 9 3 2 3; }
        .chart .line.s4 { stroke: var(--c4); stroke-dasharray: 12 4; }
        .chart .line.s5 { stroke: var(--c5); stroke-dasharray: 4 4; }
        .chart .mark.s0 { fill: var(--c0); }
        .chart .mark.s1 { fill: var(--c1); }
        .chart .mark.s2 { fill: var(--c2); }
        .chart .mark.s3 { fill: var(--c3); }
        .chart .mark.s4 { fill: var(--c4); }
        .chart .mark.s5 { fill: var(--c5); }
        @media print { body { max-width: none; } details { display: none; } }
        """;

    /// <summary>A complete page.</summary>
    /// <param name="title">Title of the page, as text.</param>
    /// <param name="subtitle">A line below it, as text, or null.</param>
    /// <param name="body">The content, as HTML.</param>
    public static string Render(string title, string? subtitle, string body)
    {
        string below = subtitle is null ? "" : $"<p class=\"subtitle\">{Html.Escape(subtitle)}</p>\n";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Escape(title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <h1>{Html.Escape(title)}</h1>
            {below}{body}</main>
            </body>
            </html>

            """;
    }
}
