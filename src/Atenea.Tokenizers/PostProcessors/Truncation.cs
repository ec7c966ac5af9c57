using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Cuts encodings to a length, keeping what is cut as overflowing pieces, with the reference library's arithmetic.</summary>
internal static class Truncation
{
    /// <summary>Cuts a text or pair to <paramref name="room"/> tokens.</summary>
    public static void Apply(ref Encoding first, ref Encoding? second, int room, bool alternately, EncodeOptions options)
    {
        int total = first.Count + (second?.Count ?? 0);
        if (room == 0)
        {
            first = Cut(first, 0, options);
            second = second is null ? null : Cut(second, 0, options);
            return;
        }

        if (total <= room) return;

        int excess = total - room;
        switch (options.Truncation)
        {
            case TruncationStrategy.LongestFirst when second is null:
                first = Cut(first, room, options);
                break;
            case TruncationStrategy.LongestFirst:
                int shorter = Math.Min(first.Count, second.Count);
                int longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
                if (shorter + longer > room)
                {
                    shorter = room / 2;
                    longer = shorter + room % 2;
                }

                bool swapped = first.Count > second.Count || (alternately && shorter + longer == room && shorter == room / 2);
                first = Cut(first, swapped ? longer : shorter, options);
                second = Cut(second, swapped ? shorter : longer, options);
                break;
            case TruncationStrategy.OnlyFirst:
                first = CutOnly(first, excess, options);
                break;
            case TruncationStrategy.OnlySecond when second is null:
                throw new AteneaException(Catalogue.TruncationImpossible, "Truncation error: Second sequence not provided");
            case TruncationStrategy.OnlySecond:
                second = CutOnly(second, excess, options);
                break;
        }
    }

    private static Encoding CutOnly(Encoding encoding, int excess, EncodeOptions options)
    {
        if (encoding.Count <= excess)
        {
            throw new AteneaException(Catalogue.TruncationImpossible,
                "Truncation error: Sequence to truncate too short to respect the provided max_length");
        }

        return Cut(encoding, encoding.Count - excess, options);
    }

    private static Encoding Cut(Encoding encoding, int length, EncodeOptions options)
    {
        int count = encoding.Count;
        if (length >= count) return encoding;
        if (length == 0) return new Encoding(0) { Overflowing = [encoding], TruncatedTokens = count };

        if (options.Stride >= length)
        {
            throw new AteneaException(Catalogue.TruncationImpossible,
                $"`stride` must be strictly less than `max_len={length}` (note that `max_len` may be shorter than the max length of the "
                + "original model, as it subtracts the number of special characters");
        }

        int step = length - options.Stride;
        List<Encoding> parts = [];
        if (options.TruncationSide == Side.Right)
        {
            for (int start = 0; start < count; start += step)
            {
                int stop = Math.Min(start + length, count);
                parts.Add(encoding.Slice(start, stop));
                if (stop == count) break;
            }
        }
        else
        {
            for (int stop = count; stop > 0; stop -= step)
            {
                int start = Math.Max(0, stop - length);
                parts.Add(encoding.Slice(start, stop));
                if (start == 0) break;
            }
        }

        Encoding main = parts[0];
        parts.RemoveAt(0);
        main.Overflowing = parts;
        main.TruncatedTokens = count - length;
        return main;
    }
}
