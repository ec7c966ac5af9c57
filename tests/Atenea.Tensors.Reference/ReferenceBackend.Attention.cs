namespace Atenea.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    // per head: context [queries, size] = (softmax(scale * turn(Q) turn(K)^T + terms) * mask) V
    internal override void Attend(in AttentionOperands a)
    {
        foreach (HeadOfSequence h in Heads(a))
        {
            for (int i = 0; i < h.Queries; i++)
            {
                double[] scores = Scores(a, h, i), p = Softmax(scores, out double largest, out double sum);
                long row = ((long)h.Head * a.Tokens) + h.FirstQuery + i;
                (At(a.Statistics, row), At(a.Statistics, ((long)a.Tokens * a.Heads) + row)) = ((float)largest, (float)(1 / sum));
                for (int c = 0; c < a.HeadSize; c++)
                {
                    double context = 0;
                    for (int j = 0; j < h.Keys; j++) context += Sees(a, h, i, j) ? p[j] * Mask(a, h, i, j) * Value(a, h, j, c) : 0;
                    At(a.Output, ((long)(h.FirstQuery + i) * a.Heads * a.HeadSize) + ((long)h.Head * a.HeadSize) + c) = (float)context;
                }

                for (int j = 0; j < h.Keys; j++)
                {
                    if (!a.Probabilities.IsNone) At(a.Probabilities, Captured(a, h, i, j)) = (float)p[j];
                    if (!a.Scores.IsNone) At(a.Scores, Captured(a, h, i, j)) = double.IsNegativeInfinity(scores[j]) ? 0 : (float)scores[j];
                }
            }
        }
    }

    // dV = (P * mask)^T dO, dP = (dO V^T) * mask + captured, dS = P * (dP - rowsum(P dP)) + captured, dQ = scale dS K, dK = scale dS^T Q
    internal override void AttendBackward(in AttentionOperands a)
    {
        RelativeOperands relative = a.Relative;
        BeginTable(relative.BiasGradient, (long)relative.BiasRows * a.Heads);
        BeginTable(relative.KeyGradient, (long)relative.KeyRows * a.Heads * a.HeadSize);
        BeginTable(relative.QueryGradient, (long)relative.QueryRows * a.Heads * a.HeadSize);
        int size = a.HeadSize;
        double[,]? keyGradient = null, valueGradient = null;
        foreach (HeadOfSequence h in Heads(a))
        {
            if (h.Head % a.HeadsPerKey == 0) (keyGradient, valueGradient) = (new double[h.Keys, size], new double[h.Keys, size]);
            for (int i = 0; i < h.Queries; i++)
            {
                double[] p = Softmax(Scores(a, h, i), out _, out _), dp = new double[h.Keys], dq = new double[size];
                double[] query = Turned(a, a.Queries, h.FirstQuery + i, h.Head, h.FirstPosition + i);
                double product = 0;
                for (int j = 0; j < h.Keys; j++)
                {
                    if (!Sees(a, h, i, j)) continue;
                    for (int c = 0; c < size; c++)
                    {
                        double dy = At(a.OutputGradient, ((long)(h.FirstQuery + i) * a.Heads * size) + ((long)h.Head * size) + c);
                        dp[j] += dy * Value(a, h, j, c) * Mask(a, h, i, j);
                        valueGradient![j, c] += p[j] * Mask(a, h, i, j) * dy;
                    }

                    if (!a.ProbabilityGradient.IsNone)
                    {
                        ref float arrived = ref At(a.ProbabilityGradient, Captured(a, h, i, j));
                        dp[j] += arrived;
                        arrived = (float)dp[j];
                    }

                    product += p[j] * dp[j];
                }

                for (int j = 0; j < h.Keys; j++)
                {
                    if (!Sees(a, h, i, j)) continue;
                    double ds = p[j] * (dp[j] - product);
                    if (!a.ScoreGradient.IsNone)
                    {
                        ref float arrived = ref At(a.ScoreGradient, Captured(a, h, i, j));
                        ds += arrived;
                        arrived = (float)ds;
                    }

                    double[] key = Turned(a, a.Keys, h.FirstKey + j, h.KeyHead, j);
                    for (int c = 0; c < size; c++)
                    {
                        dq[c] += a.Scale * ds * key[c];
                        keyGradient![j, c] += a.Scale * ds * query[c];
                    }

                    if (relative.Positions is not { } positions) continue;
                    int row = positions[i - j] - relative.FirstRow;
                    if (!relative.BiasGradient.IsUnwanted) At(relative.BiasGradient.Data, ((long)row * a.Heads) + h.Head) += (float)ds;
                    for (int c = 0; c < size; c++)
                    {
                        long at = ((long)row * a.Heads * size) + ((long)h.Head * size) + c;
                        if (!relative.Keys.IsNone) dq[c] += a.Scale * ds * At(relative.Keys, at);
                        if (!relative.Queries.IsNone) keyGradient![j, c] += a.Scale * ds * At(relative.Queries, at);
                        if (!relative.KeyGradient.IsUnwanted) At(relative.KeyGradient.Data, at) += (float)(a.Scale * ds * query[c]);
                        if (!relative.QueryGradient.IsUnwanted) At(relative.QueryGradient.Data, at) += (float)(a.Scale * ds * key[c]);
                    }
                }

                PutTurnedBack(a, a.Queries, h.FirstQuery + i, h.Head, h.FirstPosition + i, dq);
            }

            if ((h.Head + 1) % a.HeadsPerKey != 0) continue;
            for (int j = 0; j < h.Keys; j++)
            {
                PutTurnedBack(a, a.Keys, h.FirstKey + j, h.KeyHead, j, [.. Enumerable.Range(0, size).Select(c => keyGradient![j, c])]);
                for (int c = 0; c < size; c++)
                    Put(a.Values.Gradient with { Data = a.Values.GradientAt(h.FirstKey + j, h.KeyHead) }, c, valueGradient![j, c]);
            }
        }
    }

    private static List<HeadOfSequence> Heads(in AttentionOperands a)
    {
        var heads = new List<HeadOfSequence>();
        int longest = 0;
        for (int s = 0; s < a.Sequences; s++) longest = Math.Max(longest, IntAt(a.KeyOffsets, s + 1) - IntAt(a.KeyOffsets, s));
        for (int s = 0; s < a.Sequences; s++)
        {
            int query = IntAt(a.QueryOffsets, s), key = IntAt(a.KeyOffsets, s);
            int first = a.FirstPositions.IsNone ? 0 : IntAt(a.FirstPositions, s);
            int queries = IntAt(a.QueryOffsets, s + 1) - query, keys = IntAt(a.KeyOffsets, s + 1) - key;
            for (int head = 0; head < a.Heads; head++)
                heads.Add(new(s, head, head / a.HeadsPerKey, query, queries, key, keys, first, longest));
        }

        return heads;
    }

    // [keys]: minus infinity where the query does not see the key
    private static double[] Scores(in AttentionOperands a, HeadOfSequence h, int query)
    {
        double[] q = Turned(a, a.Queries, h.FirstQuery + query, h.Head, h.FirstPosition + query), scores = new double[h.Keys];
        for (int j = 0; j < h.Keys; j++)
        {
            scores[j] = double.NegativeInfinity;
            if (!Sees(a, h, query, j)) continue;
            double[] k = Turned(a, a.Keys, h.FirstKey + j, h.KeyHead, j);
            scores[j] = 0;
            for (int c = 0; c < a.HeadSize; c++) scores[j] += a.Scale * q[c] * k[c];
            if (a.Relative.Positions is not { } positions) continue;
            int row = positions[query - j] - a.Relative.FirstRow;
            if (!a.Relative.Bias.IsNone) scores[j] += At(a.Relative.Bias, ((long)row * a.Heads) + h.Head);
            for (int c = 0; c < a.HeadSize; c++)
            {
                long at = ((long)row * a.Heads * a.HeadSize) + ((long)h.Head * a.HeadSize) + c;
                if (!a.Relative.Keys.IsNone) scores[j] += a.Scale * q[c] * At(a.Relative.Keys, at);
                if (!a.Relative.Queries.IsNone) scores[j] += a.Scale * k[c] * At(a.Relative.Queries, at);
            }
        }

        return scores;
    }

    // What no query sees is not read: there may be room for keys to come.
    private static bool Sees(in AttentionOperands a, HeadOfSequence h, int query, int key) =>
        a.Visibility.Shows(h.FirstPosition + query, key);

    private static double[] Softmax(double[] scores, out double largest, out double sum)
    {
        double most = scores.Length == 0 ? double.NegativeInfinity : scores.Max();
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - most))];
        double total = exponentials.Sum();
        (largest, sum) = (most, total);
        return [.. exponentials.Select(e => e / total)];
    }

    // one head's row, its pairs (x[c], x[c + size / 2]) turned by the position's angles
    private static double[] Turned(in AttentionOperands a, in AttentionPart part, int row, int head, int position)
    {
        var x = new double[a.HeadSize];
        for (int c = 0; c < a.HeadSize; c++) x[c] = At(part.At(row, head), c);
        if (a.Rotary is not null) Turn(a, x, position, 1);
        return x;
    }

    private static void PutTurnedBack(in AttentionOperands a, in AttentionPart part, int row, int head, int position, double[] gradient)
    {
        if (part.Gradient.IsUnwanted) return;
        if (a.Rotary is not null) Turn(a, gradient, position, -1);
        for (int c = 0; c < a.HeadSize; c++) Put(part.Gradient with { Data = part.GradientAt(row, head) }, c, gradient[c]);
    }

    private static void Turn(in AttentionOperands a, double[] x, int position, int sign)
    {
        int half = a.HeadSize / 2;
        for (int c = 0; c < half; c++)
        {
            double cosine = a.Rotary![(position * a.HeadSize) + c], sine = sign * a.Rotary[(position * a.HeadSize) + half + c];
            (x[c], x[half + c]) = ((x[c] * cosine) - (x[half + c] * sine), (x[half + c] * cosine) + (x[c] * sine));
        }
    }

    private static double Value(in AttentionOperands a, HeadOfSequence h, int key, int column) =>
        At(a.Values.At(h.FirstKey + key, h.KeyHead), column);

    // What dropout's numbers count: see AttentionWork.DropoutPosition.
    private static double Mask(in AttentionOperands a, HeadOfSequence h, int query, int key)
    {
        if (a.Dropout.Probability == 0) return 1;
        long before = (long)a.Heads * (h.FirstQuery + (4L * h.Sequence)) * ((h.Longest + 63) & ~63);
        return Mask(a.Dropout, before + ((((long)h.Head * ((h.Queries + 3) & ~3)) + query) * ((h.Keys + 15) & ~15)) + key);
    }

    private static long Captured(in AttentionOperands a, HeadOfSequence h, int query, int key) =>
        IntAt(a.CaptureOffsets, h.Sequence) + ((((long)h.Head * h.Queries) + query) * h.Keys) + key;

    private void BeginTable(GradientShare share, long length)
    {
        if (!share.IsUnwanted && !share.Accumulate) Clear(share.Data, length);
    }

    private sealed record HeadOfSequence(
        int Sequence, int Head, int KeyHead, int FirstQuery, int Queries, int FirstKey, int Keys, int FirstPosition, int Longest);
}
