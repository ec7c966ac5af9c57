using Atenea.Errors;

namespace Atenea.Tensors.Tests;

/// <summary>Keys and values of their own: kept from earlier calls, of other lengths, or the queries themselves.</summary>
public sealed class AttentionKeysTests
{
    private static readonly int[] Lengths = [37, 1, 70, 18];

    public static TheoryData<string, string> Splits
    {
        get
        {
            var splits = new TheoryData<string, string>();
            foreach (string variant in (string[])["plain", "causal", "window 4", "causal window 5", "shared", "rotary", "gpt-2", "qwen2"])
            {
                foreach (string split in (string[])["whole", "one by one", "16", "5 and the rest", "uneven"]) splits.Add(variant, split);
            }

            return splits;
        }
    }

    [Theory]
    [MemberData(nameof(Splits))]
    public void Queries_asked_one_after_another_have_the_bits_of_all_at_once(string variant, string split)
    {
        AttentionCase batch = Of(variant, Lengths);
        EveryPath.SameBits(tape =>
        {
            float[] whole = batch.Run(tape, null, TapeMode.Inference, 7, 3).Output;
            var random = new Random(5);
            float[] found = new float[whole.Length];
            int[] done = new int[Lengths.Length];
            while (done.Zip(Lengths).Any(pair => pair.First < pair.Second))
            {
                int[] next = [.. done.Select((first, s) => Math.Min(Lengths[s] - first, StepOf(split, first, random)))];
                Ask(tape, batch, done, next, found);
                for (int s = 0; s < done.Length; s++) done[s] += next[s];
            }

            EveryPath.AssertSame(whole, found, split);
            return [whole];
        });
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("causal")]
    [InlineData("shared")]
    [InlineData("qwen2")]
    public void Parts_in_matrices_of_their_own_are_the_packed_form(string variant)
    {
        AttentionCase batch = Of(variant, Lengths, dropout: 0.2f);
        EveryPath.SameBits(tape =>
        {
            (float[] output, float[] gradient) = batch.Run(tape, null, TapeMode.Training, 7, 3);
            tape.Begin(TapeMode.Training, 7, 3);
            (int key, int value) = (batch.Hidden, batch.Hidden + (batch.KeyValueHeads * batch.HeadSize));
            Tensor q = Take(tape, batch, 0, key), k = Take(tape, batch, key, value), v = Take(tape, batch, value, batch.Width);
            Tensor context = tape.Attention(new AttentionQueries(q, batch.Offsets), new AttentionKeys(k, v, batch.Offsets), batch.Settings);
            EveryPath.AssertSame(output, context.ToArray(), "context");
            tape.SeedGradient(context, batch.Gradient);
            tape.Backward();
            AssertColumns(gradient, batch.Width, 0, tape.GradientOf(q), q.Columns);
            AssertColumns(gradient, batch.Width, key, tape.GradientOf(k), k.Columns);
            AssertColumns(gradient, batch.Width, value, tape.GradientOf(v), v.Columns);
            return [output, gradient];
        });
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("qwen2")]
    public void Gradients_of_a_sequence_asked_in_two_calls_add_up(string variant)
    {
        AttentionCase batch = Of(variant, [41]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[] whole = batch.Run(tape, null, TapeMode.Evaluation, 7, 3).InputGradient;
        tape.Begin(TapeMode.Evaluation);
        int rest = 41 - 13, keyColumns = batch.KeyValueHeads * batch.HeadSize;
        Tensor early = tape.Variable(batch.Qkv.AsSpan(0, 13 * batch.Width), 13, batch.Width);
        Tensor late = tape.Variable(batch.Qkv.AsSpan(13 * batch.Width), rest, batch.Width);
        Tensor all = tape.Variable(batch.Qkv, 41, batch.Width);
        var keys = new AttentionKeys(new(all, batch.Hidden, keyColumns), new(all, batch.Hidden + keyColumns, keyColumns), [0, 41]);
        Tensor first = tape.Attention(new AttentionQueries(new(early, 0, batch.Hidden), [0, 13]), keys, batch.Settings);
        var following = new AttentionQueries(new(late, 0, batch.Hidden), [0, rest]) { FirstPositions = [13] };
        Tensor second = tape.Attention(following, keys, batch.Settings);
        tape.SeedGradient(first, batch.Gradient.AsSpan(0, 13 * batch.Hidden));
        tape.SeedGradient(second, batch.Gradient.AsSpan(13 * batch.Hidden));
        tape.Backward();
        float[] queries = [.. tape.GradientOf(early), .. tape.GradientOf(late)], others = tape.GradientOf(all).ToArray();
        for (int i = 0; i < whole.Length; i++)
        {
            bool isQuery = i % batch.Width < batch.Hidden;
            if (isQuery) Assert.Equal(whole[i], queries[i]);
            Assert.Equal(isQuery ? 0 : whole[i], others[i], 2e-6f);
            if (!isQuery) Assert.Equal(0, queries[i]);
        }
    }

    [Fact]
    public void Queries_of_one_sequence_see_keys_of_another()
    {
        const int Heads = 2, Size = 12, Hidden = Heads * Size;
        int[] queryOffsets = [0, 5, 5, 38], keyOffsets = [0, 17, 20, 21];
        float[] q = RandomValues.Normal(38 * Hidden, 1), k = RandomValues.Normal(21 * Hidden, 2), v = RandomValues.Normal(21 * Hidden, 3);
        float[] seed = RandomValues.Normal(38 * Hidden, 4);
        float[][] found = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor queries = tape.Variable(q, 38, Hidden), keys = tape.Variable(k, 21, Hidden), values = tape.Variable(v, 21, Hidden);
            Tensor context = tape.Attention(
                new AttentionQueries(queries, queryOffsets),
                new AttentionKeys(keys, values, keyOffsets),
                new AttentionSettings(Heads, 0.3f));
            tape.SeedGradient(context, seed);
            tape.Backward();
            float[] dq = tape.GradientOf(queries).ToArray(), dk = tape.GradientOf(keys).ToArray(), dv = tape.GradientOf(values).ToArray();
            return [context.ToArray(), dq, dk, dv];
        });
        for (int s = 0; s < 3; s++)
        {
            Range rows = queryOffsets[s]..queryOffsets[s + 1], keyRows = keyOffsets[s]..keyOffsets[s + 1];
            for (int head = 0; head < Heads; head++)
            {
                double[][] Part(float[] matrix, Range range) =>
                    [.. matrix.Chunk(Hidden).Take(range).Select(row => row.Skip(head * Size).Take(Size).Select(x => (double)x).ToArray())];

                if (queryOffsets[s] == queryOffsets[s + 1])
                {
                    Close(Part(new float[21 * Hidden], keyRows), Part(found[2], keyRows));
                    Close(Part(new float[21 * Hidden], keyRows), Part(found[3], keyRows));
                    continue;
                }

                var reference = new AttentionReference(Part(q, rows), Part(k, keyRows), Part(v, keyRows), 0.3f);
                Close(reference.Context, Part(found[0], rows));
                (double[][] dq, double[][] dk, double[][] dv) = reference.Backward(Part(seed, rows));
                Close(dq, Part(found[1], rows));
                Close(dk, Part(found[2], keyRows));
                Close(dv, Part(found[3], keyRows));
            }
        }
    }

    [Fact]
    public void Values_may_be_their_own_queries_and_keys()
    {
        // The relation of values to values (Wang et al. 2020, MiniLM, section 3.2) is such an attention's probabilities.
        const int Heads = 2, Size = 8, Hidden = Heads * Size;
        float[] x = RandomValues.Normal(29 * Hidden, 1), seed = RandomValues.Normal(29 * Hidden, 2);
        float[][] found = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor values = tape.Variable(x, 29, Hidden);
            Tensor context = tape.Attention(
                new AttentionQueries(values, [0, 20, 29]),
                new AttentionKeys(values, values, [0, 20, 29]),
                new AttentionSettings(Heads, 0.3f));
            tape.SeedGradient(context, seed);
            tape.Backward();
            return [context.ToArray(), tape.GradientOf(values).ToArray()];
        });
        for (int head = 0; head < Heads; head++)
        {
            double[][] Part(float[] matrix) =>
                [.. matrix.Chunk(Hidden).Take(20).Select(row => row.Skip(head * Size).Take(Size).Select(x => (double)x).ToArray())];

            var reference = new AttentionReference(Part(x), Part(x), Part(x), 0.3f);
            Close(reference.Context, Part(found[0]));
            (double[][] dq, double[][] dk, double[][] dv) = reference.Backward(Part(seed));
            double[][] sum = [.. dq.Select((row, i) => row.Select((value, c) => value + dk[i][c] + dv[i][c]).ToArray())];
            Close(sum, Part(found[1]));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor q = tape.Input(new float[4 * 24], 4, 24), k = tape.Input(new float[6 * 8], 6, 8), v = tape.Input(new float[6 * 8], 6, 8);
        var settings = new AttentionSettings(2, 1f);
        tape.Attention(new AttentionQueries(new(q, 0, 8), [0, 4]), new AttentionKeys(k, v, [0, 6]), settings);
        Refused(q, k, [0, 4], [0, 6], []); // 24 columns for heads of 4
        Refused(new(q, 20, 8), k, [0, 4], [0, 6], []);
        Refused(new(q, -1, 8), k, [0, 4], [0, 6], []);
        Refused(new(q, 0, 8), default(Tensor), [0, 4], [0, 6], []);
        Refused(new(q, 0, 8), new(k, 0, 4), [0, 4], [0, 6], []);
        Refused(new(q, 0, 8), k, [0, 4], [0, 5], []);
        Refused(new(q, 0, 8), k, [0, 2, 4], [0, 6], []);
        Refused(new(q, 0, 8), k, [0, 4], [0, 6], [0, 0]);
        Refused(new(q, 0, 8), k, [0, 4], [0, 6], [-1]);
        Refused(new(q, 0, 8), k, [0, 2, 4], [0, 6, 6], []); // no keys
        Refused(new(q, 0, 8), k, [0, 4], [0, 6], [4], before: 1); // the last query, at 7, sees 6 and 7
        Refused(new(q, 0, 8), k, [0, 4], [0, 6], [int.MaxValue - 2], before: 1);
        Refused(new(q, 0, 8), k, [0, 4], [0, 6], [], headByHead: true);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.Attention(
            new AttentionQueries(new(q, 0, 8), [0, 4]), new AttentionKeys(new(q, 4, 8), new(q, 16, 8), [0, 4]), settings)).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.Attention(
            new AttentionQueries(new(q, 0, 8), [0, 1, 4]), new AttentionKeys(new(q, 0, 8), new(q, 16, 8), [0, 2, 4]), settings)).Code.Id);

        void Refused(
            HeadColumns queries,
            HeadColumns keys,
            int[] offsets,
            int[] keyOffsets,
            int[] first,
            int? before = null,
            bool headByHead = false)
        {
            var refused = Assert.Throws<AteneaException>(() => tape.Attention(
                new AttentionQueries(queries, offsets) { FirstPositions = first },
                new AttentionKeys(keys, v, keyOffsets),
                settings with { KeysBefore = before, HeadByHead = headByHead }));
            Assert.Equal("ATN0602", refused.Code.Id);
        }
    }

    // The next queries of each sequence against all of its keys; those that are not there yet, or only room for them, are no numbers
    // where the family sees no key ahead.
    private static void Ask(Tape tape, AttentionCase batch, int[] done, int[] next, float[] found)
    {
        const int Room = 3;
        bool ahead = batch.KeysAfter is not 0;
        int keyColumns = batch.KeyValueHeads * batch.HeadSize;
        var queries = new List<float>();
        var cache = new List<float>();
        int[] queryOffsets = new int[done.Length + 1], keyOffsets = new int[done.Length + 1];
        for (int s = 0; s < done.Length; s++)
        {
            int first = batch.Offsets[s] + done[s], end = ahead ? batch.Offsets[s + 1] : first + next[s];
            queries.AddRange(batch.Qkv.AsSpan(first * batch.Width, next[s] * batch.Width));
            for (int row = batch.Offsets[s]; row < end; row++)
                cache.AddRange(batch.Qkv.AsSpan((row * batch.Width) + batch.Hidden, 2 * keyColumns));
            if (!ahead) cache.AddRange(Enumerable.Repeat(float.NaN, Room * 2 * keyColumns));
            queryOffsets[s + 1] = queryOffsets[s] + next[s];
            keyOffsets[s + 1] = cache.Count / (2 * keyColumns);
        }

        tape.Begin(TapeMode.Inference);
        Tensor q = tape.Input(queries.ToArray(), queryOffsets[^1], batch.Width);
        Tensor kept = tape.Input(cache.ToArray(), keyOffsets[^1], 2 * keyColumns);
        Tensor context = tape.Attention(
            new AttentionQueries(new(q, 0, batch.Hidden), queryOffsets) { FirstPositions = done },
            new AttentionKeys(new(kept, 0, keyColumns), new(kept, keyColumns, keyColumns), keyOffsets),
            batch.Settings);
        for (int s = 0; s < done.Length; s++)
        {
            ReadOnlySpan<float> part = context.ToArray().AsSpan()[(queryOffsets[s] * batch.Hidden)..(queryOffsets[s + 1] * batch.Hidden)];
            part.CopyTo(found.AsSpan((batch.Offsets[s] + done[s]) * batch.Hidden));
        }
    }

    private static int StepOf(string split, int done, Random random) => split switch
    {
        "whole" => 100,
        "one by one" => 1,
        "16" => 16,
        "5 and the rest" => done == 0 ? 5 : 100,
        _ => random.Next(0, 30),
    };

    private static AttentionCase Of(string variant, int[] lengths, float dropout = 0f) => variant switch
    {
        "plain" => new(2, 20, lengths) { Dropout = dropout },
        "causal" => new(2, 8, lengths) { KeysAfter = 0, Dropout = dropout },
        "window 4" => new(2, 16, lengths) { KeysBefore = 4, KeysAfter = 4, Dropout = dropout },
        "causal window 5" => new(2, 32, lengths) { KeysBefore = 5, KeysAfter = 0, Dropout = dropout },
        "shared" => new(6, 16, lengths, keyValueHeads: 2) { Dropout = dropout },
        "rotary" => new(2, 20, lengths) { Theta = 10000, KeysBefore = 20, KeysAfter = 20, Dropout = dropout },
        "gpt-2" => new(3, 64, lengths) { KeysAfter = 0, Dropout = dropout },
        _ => new(4, 32, lengths, keyValueHeads: 2) { KeysAfter = 0, Theta = 1e6, Dropout = dropout },
    };

    private static Tensor Take(Tape tape, AttentionCase batch, int first, int end) =>
        tape.Variable(batch.Qkv.Chunk(batch.Width).SelectMany(row => row[first..end]).ToArray(), batch.Tokens, end - first);

    private static void AssertColumns(float[] all, int width, int first, ReadOnlySpan<float> part, int columns)
    {
        for (int i = 0; i < part.Length; i++) Assert.Equal(all[(i / columns * width) + first + (i % columns)], part[i]);
    }

    private static void Close(double[][] expected, double[][] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            for (int c = 0; c < expected[i].Length; c++) Assert.Equal(expected[i][c], found[i][c], 1e-5);
        }
    }
}
