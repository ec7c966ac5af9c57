using Atenea.Errors;

namespace Atenea.Data;

/// <summary>The numbers of a <see cref="FeatureSet"/>.</summary>
/// <param name="Ids">Token ids, [tokens].</param>
/// <param name="TypeIds">Segment of each token, [tokens].</param>
/// <param name="Marks">Mark of each token, [tokens], or null.</param>
/// <param name="Offsets">First token of each feature, and the number of tokens at the end, [features + 1].</param>
/// <param name="Rows">The row of each feature, [features].</param>
/// <param name="TruncatedRows">Rows of which some text is in no feature.</param>
internal sealed record FeatureArrays(int[] Ids, int[] TypeIds, int[]? Marks, int[] Offsets, int[] Rows, int TruncatedRows)
{
    /// <summary>Puts the features of all rows one after another.</summary>
    /// <exception cref="AteneaException">There are more than 2^31-1 tokens (ATN0212).</exception>
    public static FeatureArrays Flatten(Dataset data, RowFeatures[] rows)
    {
        long tokens = rows.Sum(row => row.Features.Sum(feature => (long)feature.Ids.Length));
        if (tokens > Array.MaxLength)
            throw new AteneaException(Catalogue.DatasetTooLarge, $"more than {Array.MaxLength} tokens", data.Source);
        int count = rows.Sum(row => row.Features.Count), at = 0, next = 0;
        bool marked = rows.Any(row => row.Features.Any(feature => feature.Marks is not null));
        var arrays = new FeatureArrays(
            new int[tokens], new int[tokens], marked ? new int[tokens] : null, new int[count + 1], new int[count],
            rows.Count(row => row.IsTruncated));
        for (int row = 0; row < rows.Length; row++)
        {
            foreach (Feature feature in rows[row].Features)
            {
                feature.Ids.CopyTo(arrays.Ids, at);
                feature.TypeIds.CopyTo(arrays.TypeIds, at);
                if (marked) feature.Marks!.CopyTo(arrays.Marks!, at);
                at += feature.Ids.Length;
                arrays.Rows[next++] = row;
                arrays.Offsets[next] = at;
            }
        }

        return arrays;
    }

    /// <summary>Whether the arrays fit each other and a number of rows.</summary>
    public bool Fit(int rows)
    {
        bool fit = TypeIds.Length == Ids.Length && (Marks is null || Marks.Length == Ids.Length)
            && Offsets.Length == Rows.Length + 1 && Offsets[0] == 0 && Offsets[^1] == Ids.Length
            && Rows.All(row => row >= 0 && row < rows);
        for (int feature = 0; fit && feature < Rows.Length; feature++) fit = Offsets[feature] <= Offsets[feature + 1];
        return fit;
    }
}
