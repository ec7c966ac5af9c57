using System.Globalization;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Splits rows at random exactly as the Python libraries do with the same seed, so that figures can be compared row by row:
/// <c>train_test_split</c> of scikit-learn and of Hugging Face datasets, with and without stratification.
/// </summary>
internal static class TrainTestSplit
{
    /// <summary>Splits <paramref name="count"/> rows at random.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="testSize">
    /// Below 1 a share of the rows (rounded up), else a number of rows; null takes what <paramref name="trainSize"/> leaves.
    /// </param>
    /// <param name="seed">The seed.</param>
    /// <param name="trainSize">
    /// Below 1 a share of the rows (rounded down), else a number of rows; null takes what <paramref name="testSize"/> leaves.
    /// </param>
    /// <param name="method">Whose split it is.</param>
    /// <exception cref="AteneaException">The sizes leave a part empty or exceed the rows (ATN0213).</exception>
    public static RowSplit Random(
        int count, double? testSize, ulong seed, double? trainSize = null, SplitMethod method = SplitMethod.ScikitLearn)
    {
        (int train, int test) = Sizes(count, testSize, trainSize);
        int[] order = Generator(method, seed).Permutation(count);
        return new RowSplit(order[test..(test + train)], order[..test]);
    }

    /// <summary>Takes the first rows for training and the next ones for testing, as <c>shuffle=False</c>.</summary>
    /// <inheritdoc cref="Random"/>
    public static RowSplit InOrder(int count, double? testSize, double? trainSize = null)
    {
        (int train, int test) = Sizes(count, testSize, trainSize);
        return new RowSplit([.. Enumerable.Range(0, train)], [.. Enumerable.Range(train, test)]);
    }

    /// <summary>Splits rows at random so that each class has its share in both parts, as <c>stratify=labels</c>.</summary>
    /// <param name="classes">The class of each row; classes are taken in the order of their numbers.</param>
    /// <param name="testSize">As in <see cref="Random"/>.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="trainSize">As in <see cref="Random"/>.</param>
    /// <param name="method">Whose split it is.</param>
    /// <exception cref="AteneaException">A class has a single row, or a part is smaller than the number of classes (ATN0213).</exception>
    public static RowSplit Stratified(
        ReadOnlySpan<int> classes, double? testSize, ulong seed, double? trainSize = null, SplitMethod method = SplitMethod.ScikitLearn)
    {
        (int train, int test) = Sizes(classes.Length, testSize, trainSize);
        int[][] members = Members(classes);
        CheckClasses(members, train, test);
        NumpyRandom random = Generator(method, seed);
        double[] counts = [.. members.Select(m => (double)m.Length)];
        int[] trainCounts = Allocate(counts, train, random);
        int[] testCounts = Allocate([.. counts.Zip(trainCounts, (all, taken) => all - taken)], test, random);
        var trainRows = new List<int>(train);
        var testRows = new List<int>(test);
        for (int c = 0; c < members.Length; c++)
        {
            int[] order = random.Permutation(members[c].Length);
            trainRows.AddRange(order.Take(trainCounts[c]).Select(i => members[c][i]));
            testRows.AddRange(order.Skip(trainCounts[c]).Take(testCounts[c]).Select(i => members[c][i]));
        }

        return new RowSplit(Permuted(trainRows, random), Permuted(testRows, random));
    }

    /// <summary>The ascending rows of each class, by class; classes without rows are left out.</summary>
    internal static int[][] Members(ReadOnlySpan<int> classes)
    {
        var members = new SortedDictionary<int, List<int>>();
        for (int row = 0; row < classes.Length; row++)
        {
            if (!members.TryGetValue(classes[row], out List<int>? rows)) members.Add(classes[row], rows = []);
            rows.Add(row);
        }

        return [.. members.Values.Select(rows => rows.ToArray())];
    }

    private static NumpyRandom Generator(SplitMethod method, ulong seed)
    {
        if (method == SplitMethod.Datasets) return new Pcg64(seed);
        return seed <= uint.MaxValue
            ? new RandomState((uint)seed)
            : throw new AteneaException(Catalogue.SplitImpossible, $"seed {seed}: scikit-learn's seeds are below 2^32",
                remedy: "use a smaller seed");
    }

    /// <summary>
    /// Shares draws among classes in proportion to their rows: the whole parts first, the rest to the largest remainders, a choice among
    /// equal remainders at random (scikit-learn's <c>_approximate_mode</c>).
    /// </summary>
    private static int[] Allocate(double[] counts, int draws, NumpyRandom random)
    {
        double total = counts.Sum();
        double[] exact = [.. counts.Select(c => c / total * draws)];
        int[] shares = [.. exact.Select(e => (int)Math.Floor(e))];
        int missing = draws - shares.Sum();
        double[] remainders = [.. exact.Select(e => e - Math.Floor(e))];
        foreach (double value in remainders.Distinct().OrderDescending())
        {
            if (missing <= 0) break;
            int[] equal = [.. Enumerable.Range(0, remainders.Length).Where(i => remainders[i] == value)];
            int now = Math.Min(equal.Length, missing);
            foreach (int i in random.Choose(equal.Length, now)) shares[equal[i]]++;
            missing -= now;
        }

        return shares;
    }

    private static int[] Permuted(List<int> rows, NumpyRandom random)
    {
        int[] permuted = [.. rows];
        random.Shuffle<int>(permuted);
        return permuted;
    }

    private static (int Train, int Test) Sizes(int count, double? testSize, double? trainSize)
    {
        if (testSize is null && trainSize is null) throw new ArgumentException("neither size is given", nameof(testSize));
        CheckSize(count, testSize, "test");
        CheckSize(count, trainSize, "training");
        int? test = testSize is { } t ? (int)(t < 1 ? Math.Ceiling(t * count) : t) : null;
        int? train = trainSize is { } r ? (int)(r < 1 ? Math.Floor(r * count) : r) : null;
        (int trainRows, int testRows) = (train ?? count - test!.Value, test ?? count - train!.Value);
        if (trainRows <= 0 || testRows <= 0 || (long)trainRows + testRows > count)
        {
            throw new AteneaException(Catalogue.SplitImpossible,
                $"{count} rows cannot give {trainRows} to train on and {testRows} to test on",
                remedy: "choose sizes that leave rows for both parts");
        }

        return (trainRows, testRows);
    }

    private static void CheckSize(int count, double? size, string part)
    {
        if (size is not { } value) return;
        if (double.IsNaN(value) || value <= 0 || value > count || (value > 1 && value != Math.Floor(value)))
        {
            throw new AteneaException(Catalogue.SplitImpossible,
                $"a {part} size of {value.ToString(CultureInfo.InvariantCulture)} for {count} rows",
                remedy: "give a share between 0 and 1, or a whole number of rows");
        }
    }

    private static void CheckClasses(int[][] members, int train, int test)
    {
        if (members.Min(m => m.Length) < 2)
        {
            throw new AteneaException(Catalogue.SplitImpossible, "a class has a single row, which cannot be in both parts",
                remedy: "leave stratification off, or remove the class");
        }

        if (Math.Min(train, test) < members.Length)
        {
            throw new AteneaException(Catalogue.SplitImpossible,
                $"{members.Length} classes do not fit into a part of {Math.Min(train, test)} rows",
                remedy: "enlarge the smaller part, or leave stratification off");
        }
    }
}
