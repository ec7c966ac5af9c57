using System.Globalization;
using System.Text;

namespace Atenea.Training;

/// <summary>The text of scikit-learn's <c>classification_report</c>, character for character.</summary>
public static class ClassificationReport
{
    private const int ColumnWidth = 9;
    private static readonly string[] Headers = ["precision", "recall", "f1-score", "support"];

    /// <summary>Report of single-label classification.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="names">Name of each class of <see cref="ClassificationScores.Classes"/>; null shows the class numbers.</param>
    /// <param name="digits">Decimals.</param>
    /// <param name="zeroDivision">Value of a quotient with divisor 0.</param>
    public static string Text(ClassificationScores scores, IReadOnlyList<string>? names = null, int digits = 2, double zeroDivision = 0)
    {
        names ??= [.. scores.Classes.Select(c => c.ToString(CultureInfo.InvariantCulture))];

        // The reference counts in floating point when nothing at all is right, and shows it.
        var table = new Table(names, digits, floatSupport: scores.Correct == 0);
        table.Classes(scores.PerClass(zeroDivision));
        if (scores.CoversAll) table.Accuracy(scores.Accuracy, scores.Macro().Support);
        else table.Row("micro avg", scores.Micro(zeroDivision));
        table.Row("macro avg", scores.Macro(zeroDivision));
        table.Row("weighted avg", scores.Weighted(zeroDivision));
        return table.ToString();
    }

    /// <summary>Report of multi-label classification.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="names">Names of the labels.</param>
    /// <param name="digits">Decimals.</param>
    /// <param name="zeroDivision">Value of a quotient with divisor 0.</param>
    public static string Text(MultiLabelScores scores, IReadOnlyList<string> names, int digits = 2, double zeroDivision = 0)
    {
        var table = new Table(names, digits, floatSupport: false);
        table.Classes(scores.PerClass(zeroDivision));
        table.Row("micro avg", scores.Micro(zeroDivision));
        table.Row("macro avg", scores.Macro(zeroDivision));
        table.Row("weighted avg", scores.Weighted(zeroDivision));
        table.Row("samples avg", scores.Samples(zeroDivision) with { Support = scores.Micro().Support });
        return table.ToString();
    }

    /// <summary>Report of tagged entities, as seqeval writes it.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="digits">Decimals.</param>
    public static string Text(EntityScores scores, int digits = 2)
    {
        var table = new Table(scores.Types, digits, floatSupport: false);
        table.Classes(scores.PerType());
        table.Row("micro avg", scores.Micro());
        table.Row("macro avg", scores.Macro());
        table.Row("weighted avg", scores.Weighted());
        return table.ToString();
    }

    private sealed class Table
    {
        private readonly StringBuilder _text = new();
        private readonly IReadOnlyList<string> _names;
        private readonly int _digits;
        private readonly bool _floatSupport;
        private readonly int _width;

        public Table(IReadOnlyList<string> names, int digits, bool floatSupport)
        {
            (_names, _digits, _floatSupport) = (names, digits, floatSupport);
            _width = Math.Max(names.Append("weighted avg").Max(Length), digits);
            _text.Append(' ', _width + 1);
            foreach (string header in Headers) Cell(header);
            _text.Append("\n\n");
        }

        public void Classes(ClassScores[] scores)
        {
            for (int c = 0; c < scores.Length; c++) Row(_names[c], scores[c]);
            _text.Append('\n');
        }

        public void Row(string name, ClassScores scores)
        {
            Name(name);
            Cell(FixedPoint.Format(scores.Precision, _digits));
            Cell(FixedPoint.Format(scores.Recall, _digits));
            Cell(FixedPoint.Format(scores.F1, _digits));
            Support(scores.Support);
        }

        public void Accuracy(double accuracy, long support)
        {
            Name("accuracy");
            Cell("");
            Cell("");
            Cell(FixedPoint.Format(accuracy, _digits));
            Support(support);
        }

        public override string ToString() => _text.ToString();

        /// <summary>Characters as Python counts them: code points.</summary>
        private static int Length(string text) => text.EnumerateRunes().Count();

        private void Name(string name) => _text.Append(' ', _width - Length(name)).Append(name).Append(' ');

        private void Cell(string value) => _text.Append(' ').Append(value.PadLeft(ColumnWidth));

        private void Support(long support)
        {
            Cell(support.ToString(CultureInfo.InvariantCulture) + (_floatSupport ? ".0" : ""));
            _text.Append('\n');
        }
    }
}
