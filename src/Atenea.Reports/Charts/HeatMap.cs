using System.Globalization;

namespace Atenea.Reports;

/// <summary>
/// A matrix of counts as coloured cells with their numbers: a confusion matrix. A cell's colour is its share of its row, so that rare
/// classes are as readable as frequent ones.
/// </summary>
public sealed class HeatMap : Figure
{
    private const double Letter = 7.2;
    private const int LongestName = 22;
    private readonly IReadOnlyList<string> _names;
    private readonly long[][] _counts;
    private readonly string _rowLabel;
    private readonly string _columnLabel;

    /// <summary>Creates a heat map.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="rowLabel">What a row is, for example "true label".</param>
    /// <param name="columnLabel">What a column is, for example "predicted label".</param>
    /// <param name="names">Names of rows and columns.</param>
    /// <param name="counts">Counts, [row][column].</param>
    public HeatMap(string title, string rowLabel, string columnLabel, IReadOnlyList<string> names, long[][] counts)
        : base(title, $"{names.Count} by {names.Count} counts. " + string.Join(" ", names.Select((n, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{n}: {counts[i][i]} of {counts[i].Sum()} right."))))
    {
        (_names, _counts, _rowLabel, _columnLabel) = (names, counts, rowLabel, columnLabel);
    }

    /// <inheritdoc/>
    public override string ToSvg(string id)
    {
        int n = _names.Count;
        string[] shown = [.. _names.Select(name => Values.Shorten(name, LongestName))];
        double cell = n <= 6 ? 76 : n <= 12 ? 52 : Math.Max(14, 620.0 / n);
        double longest = shown.Select(s => s.Length * Letter).DefaultIfEmpty(0).Max();
        bool slanted = longest > cell - 6, numbers = cell >= 30;
        double left = 40 + longest, top = slanted ? 40 + (longest * 0.72) : 56;
        double width = left + (n * cell) + (slanted ? 12 + (longest * 0.5) : 12), height = top + (n * cell) + 12;
        var svg = new SvgBuilder(id, width, height, this);
        svg.Text(left + (n * cell / 2), 16, _columnLabel, "label middle");
        svg.Text(14, top + (n * cell / 2), _rowLabel, "label middle", -90);
        for (int i = 0; i < n; i++)
        {
            svg.Text(left - 8, top + ((i + 0.5) * cell) + 4, shown[i], "label end");
            double x = left + ((i + 0.5) * cell);
            if (slanted) svg.Text(x, top - 8, shown[i], "label", -45);
            else svg.Text(x, top - 10, shown[i], "label middle");
        }

        for (int row = 0; row < n; row++)
        {
            long total = _counts[row].Sum();
            for (int column = 0; column < n; column++)
            {
                double share = total == 0 ? 0 : (double)_counts[row][column] / total, x = left + (column * cell), y = top + (row * cell);
                svg.Rectangle(x + 1, y + 1, cell - 2, cell - 2, "cell0");
                string hint = string.Create(CultureInfo.InvariantCulture,
                    $"{_rowLabel} {_names[row]}, {_columnLabel} {_names[column]}: {_counts[row][column]} ({share:P1})");
                svg.Rectangle(x + 1, y + 1, cell - 2, cell - 2, row == column ? "cell right" : "cell", share, hint);
                if (!numbers) continue;
                string style = share > 0.65 ? "count strong middle" : "count middle";
                string percent = FormattableString.Invariant($"{share * 100:0} %");
                bool both = cell >= 50;
                svg.Text(x + (cell / 2), y + (cell / 2) + (both ? 0 : 4), Values.Count(_counts[row][column]), style);
                if (!both) continue;
                string small = style.Replace("count", "count small", StringComparison.Ordinal);
                svg.Text(x + (cell / 2), y + (cell / 2) + 16, percent, small);
            }
        }

        return svg.ToString();
    }

    /// <inheritdoc/>
    public override Table ToTable()
    {
        var corner = new Column($"{_rowLabel} \\ {_columnLabel}", Alignment.Left);
        var table = new Table([corner, .. _names.Select(n => new Column(n, Alignment.Right))]);
        for (int row = 0; row < _names.Count; row++) table.Add([_names[row], .. _counts[row].Select(Values.Count)]);
        return table;
    }
}
