using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Cross-validation folds, exactly as scikit-learn's <c>KFold</c> and <c>StratifiedKFold</c> make them.</summary>
internal static class Folds
{
    /// <summary>Cuts rows into folds of nearly equal size, each the test part once; the test rows ascend, and so do the others.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Shuffles the rows first; null takes them in order.</param>
    /// <exception cref="AteneaException">There are fewer rows than folds, or fewer than two folds (ATN0213).</exception>
    public static IReadOnlyList<RowSplit> Plain(int count, int folds, uint? seed = null)
    {
        Check(count, folds);
        int[] order = seed is { } s ? new RandomState(s).Permutation(count) : [.. Enumerable.Range(0, count)];
        var foldOf = new int[count];
        int next = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            int size = (count / folds) + (fold < count % folds ? 1 : 0);
            for (int i = 0; i < size; i++) foldOf[order[next++]] = fold;
        }

        return Parts(foldOf, folds);
    }

    /// <summary>Cuts rows into folds in which each class has its share.</summary>
    /// <param name="classes">The class of each row.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Shuffles which rows of a class go where; null takes them in order.</param>
    /// <exception cref="AteneaException">
    /// No class has as many rows as there are folds, or there are fewer than two folds (ATN0213).
    /// </exception>
    public static IReadOnlyList<RowSplit> Stratified(ReadOnlySpan<int> classes, int folds, uint? seed = null)
    {
        Check(classes.Length, folds);
        // Classes count in the order of their first rows.
        int[][] members = [.. TrainTestSplit.Members(classes).OrderBy(rows => rows[0])];
        int largest = members.Max(rows => rows.Length);
        if (largest < folds)
        {
            throw new AteneaException(Catalogue.SplitImpossible, $"{folds} folds, but the largest class has {largest} rows",
                remedy: "use fewer folds");
        }

        RandomState? random = seed is { } s ? new RandomState(s) : null;
        var foldOf = new int[classes.Length];
        int first = 0;
        foreach (int[] rows in members)
        {
            // With all rows sorted by class, fold f takes every row f, f + folds, f + 2 folds ...: its count of each class follows.
            int[] places = [.. Enumerable.Range(0, folds).SelectMany(f => Enumerable.Repeat(f, CountFrom(first, rows.Length, f, folds)))];
            random?.Shuffle<int>(places);
            for (int i = 0; i < rows.Length; i++) foldOf[rows[i]] = places[i];
            first += rows.Length;
        }

        return Parts(foldOf, folds);
    }

    /// <summary>How many of the numbers first .. first+length-1 leave the remainder fold.</summary>
    private static int CountFrom(int first, int length, int fold, int folds) =>
        Below(first + length, fold, folds) - Below(first, fold, folds);

    private static int Below(int end, int fold, int folds) => end <= fold ? 0 : ((end - fold - 1) / folds) + 1;

    private static RowSplit[] Parts(int[] foldOf, int folds) =>
    [
        .. Enumerable.Range(0, folds).Select(fold => new RowSplit(
            [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] != fold)],
            [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] == fold)])),
    ];

    private static void Check(int count, int folds)
    {
        if (folds < 2 || folds > count)
        {
            throw new AteneaException(Catalogue.SplitImpossible, $"{folds} folds of {count} rows",
                remedy: "use at least 2 folds and no more than there are rows");
        }
    }
}
