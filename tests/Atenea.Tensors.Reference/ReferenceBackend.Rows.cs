namespace Atenea.Tensors.Reference;

public sealed partial class ReferenceBackend
{
    // y [rows, columns] = (h - mean) * deviation * weight [columns] + bias [columns], h = x * mask + residual
    internal override void Normalise(in NormForward n)
    {
        for (long r = 0; r < n.Rows; r++)
        {
            double[] h = Summed(n.X, n.Residual, n.Dropout, r, n.Columns);
            double mean = n.Centered ? h.Average() : 0;
            double deviation = 1 / Math.Sqrt(h.Sum(v => (v - mean) * (v - mean)) / n.Columns + n.Epsilon);
            for (int c = 0; c < n.Columns; c++)
            {
                double y = (h[c] - mean) * deviation * At(n.Weight, c);
                At(n.Output, (r * n.Columns) + c) = (float)(n.Bias.IsNone ? y : y + At(n.Bias, c));
            }

            if (n.Statistics.IsNone) continue;
            (At(n.Statistics, 2 * r), At(n.Statistics, (2 * r) + 1)) = ((float)mean, (float)deviation);
        }
    }

    // dh = deviation * (g - mean(g) - normal * mean(g normal)) with g = dy * weight; dweight = sum dy * normal, dbias = sum dy
    internal override void Normalise(in NormBackward n)
    {
        double[] weightGradient = new double[n.Columns], biasGradient = new double[n.Columns];
        for (long r = 0; r < n.Rows; r++)
        {
            double[] h = Summed(n.X, n.Residual, n.Dropout, r, n.Columns), normal = new double[n.Columns], g = new double[n.Columns];
            double mean = At(n.Statistics, 2 * r), deviation = At(n.Statistics, (2 * r) + 1), meanG = 0, meanProduct = 0;
            for (int c = 0; c < n.Columns; c++)
            {
                double dy = At(n.OutputGradient, (r * n.Columns) + c);
                normal[c] = (h[c] - mean) * deviation;
                g[c] = dy * At(n.Weight, c);
                weightGradient[c] += dy * normal[c];
                biasGradient[c] += dy;
                if (n.Centered) meanG += g[c] / n.Columns;
                meanProduct += g[c] * normal[c] / n.Columns;
            }

            for (int c = 0; c < n.Columns; c++)
            {
                long at = (r * n.Columns) + c;
                double dh = deviation * (g[c] - meanG - (normal[c] * meanProduct));
                Put(n.ResidualGradient, at, dh);
                Put(n.InputGradient, at, dh * Mask(n.Dropout, at));
            }
        }

        for (int c = 0; c < n.Columns; c++) Put(n.WeightGradient, c, weightGradient[c]);
        for (int c = 0; c < n.Columns; c++) Put(n.BiasGradient, c, biasGradient[c]);
    }

    // y [rows, columns] = x / max(|x|, epsilon)
    internal override void NormaliseLengths(in RowLengthForward n)
    {
        for (long r = 0; r < n.Rows; r++)
        {
            double length = Math.Max(Length(n.X, r, n.Columns), n.Epsilon);
            for (int c = 0; c < n.Columns; c++) At(n.Y, (r * n.Columns) + c) = (float)(At(n.X, (r * n.Columns) + c) / length);
        }
    }

    // dx (+)= (dy - y (y . dy)) / |x|, or dy / epsilon
    internal override void NormaliseLengths(in RowLengthBackward n)
    {
        for (long r = 0; r < n.Rows; r++)
        {
            double length = Length(n.X, r, n.Columns), along = 0;
            for (int c = 0; c < n.Columns && length > n.Epsilon; c++)
                along += (double)At(n.Y, (r * n.Columns) + c) * At(n.OutputGradient, (r * n.Columns) + c);
            for (int c = 0; c < n.Columns; c++)
            {
                long at = (r * n.Columns) + c;
                Put(n.InputGradient, at, (At(n.OutputGradient, at) - (At(n.Y, at) * along)) / Math.Max(length, n.Epsilon));
            }
        }
    }

    // y [rows, columns] = sum over the sources of table[ids[r]]
    internal override void Gather(in RowGather g)
    {
        for (long r = 0; r < g.Rows; r++)
        {
            for (int c = 0; c < g.Columns; c++)
            {
                double sum = 0;
                for (int t = 0; t < g.Count; t++) sum += At(g.Sources[t].Table, ((long)IntAt(g.Sources[t].Ids, r) * g.Columns) + c);
                At(g.Output, (r * g.Columns) + c) = (float)sum;
            }
        }
    }

    // dtable[ids[r]] (+)= dy[r], but for the skipped id
    internal override void Scatter(in RowScatter s)
    {
        if (!s.Table.Accumulate) Clear(s.Table.Data, (long)s.TableRows * s.Columns);
        for (long r = 0; r < s.Rows; r++)
        {
            long id = IntAt(s.Ids, r);
            for (int c = 0; c < s.Columns && id != s.SkippedId; c++)
                At(s.Table.Data, (id * s.Columns) + c) += At(s.OutputGradient, (r * s.Columns) + c);
        }
    }

    // y [sequences, columns] from x [tokens, columns]
    internal override void Pool(in PoolingForward p)
    {
        for (long s = 0; s < p.Sequences; s++)
        {
            int first = IntAt(p.Offsets, s), end = IntAt(p.Offsets, s + 1);
            for (int c = 0; c < p.Columns; c++)
            {
                double sum = 0;
                int chosen = first;
                for (int t = first; t < end; t++)
                {
                    double x = At(p.X, ((long)t * p.Columns) + c);
                    sum += x * Weight(p.Kind, t - first, end - first);
                    if (x > At(p.X, ((long)chosen * p.Columns) + c)) chosen = t;
                }

                if (p.Kind == PoolingKind.Maximum && first < end) sum = At(p.X, ((long)chosen * p.Columns) + c);
                At(p.Y, (s * p.Columns) + c) = (float)sum;
                if (!p.Chosen.IsNone) ReferenceMemory.Of<int>(p.Chosen + ((s * p.Columns) + c), 1)[0] = chosen;
            }
        }
    }

    // dx[t] (+)= dy times the row's weight; a maximum's dy goes to the row that gave it
    internal override void Pool(in PoolingBackward p)
    {
        for (long s = 0; s < p.Sequences; s++)
        {
            int first = IntAt(p.Offsets, s), end = IntAt(p.Offsets, s + 1);
            for (int c = 0; c < p.Columns; c++)
            {
                long at = (s * p.Columns) + c;
                for (int t = first; t < end; t++)
                {
                    bool chosen = p.Kind == PoolingKind.Maximum && IntAt(p.Chosen, at) == t;
                    double weight = p.Kind != PoolingKind.Maximum ? Weight(p.Kind, t - first, end - first) : chosen ? 1 : 0;
                    Put(p.InputGradient, ((long)t * p.Columns) + c, weight * At(p.OutputGradient, at));
                }
            }
        }
    }

    // wide[i, c k + t] = narrow[i + t - (k - 1) / 2, c], zero beyond the ends of i's sequence
    internal override void Unfold(in Unfolding u)
    {
        for (int s = 0; s < u.Sequences; s++)
        {
            int first = IntAt(u.Offsets, s), end = IntAt(u.Offsets, s + 1);
            for (long i = first; i < end; i++)
            {
                for (int c = 0; c < u.Columns; c++)
                {
                    for (int t = 0; t < u.Kernel; t++)
                    {
                        long from = i + t - (u.Kernel / 2);
                        bool outside = from < first || from >= end;
                        At(u.Wide, (((i * u.Columns) + c) * u.Kernel) + t) = outside ? 0 : At(u.Narrow, (from * u.Columns) + c);
                    }
                }
            }
        }
    }

    // dnarrow[i, c] (+)= sum over t of dwide[i - t + (k - 1) / 2, c k + t]
    internal override void Fold(in Unfolding u)
    {
        for (int s = 0; s < u.Sequences; s++)
        {
            int first = IntAt(u.Offsets, s), end = IntAt(u.Offsets, s + 1);
            for (long i = first; i < end; i++)
            {
                for (int c = 0; c < u.Columns; c++)
                {
                    double sum = 0;
                    for (int t = 0; t < u.Kernel; t++)
                    {
                        long from = i - t + (u.Kernel / 2);
                        if (from >= first && from < end) sum += At(u.Wide, (((from * u.Columns) + c) * u.Kernel) + t);
                    }

                    Put(new GradientShare(u.Narrow, u.Accumulate), (i * u.Columns) + c, sum);
                }
            }
        }
    }

    // sum over the rows that count of (1 - s) * -log p[label] + s * mean(-log p), and its gradient [rows, classes]
    internal override void Loss(in CrossEntropy l)
    {
        double sum = 0;
        if (!l.Gradient.IsNone) Clear(l.Gradient, (long)l.Rows * l.Classes);
        for (long r = 0; r < l.Rows; r++)
        {
            int label = IntAt(l.Labels, r);
            var row = new Matrix(l.Logits + (r * l.Classes), 1, l.Classes);
            if (label != l.IgnoreIndex) sum += RowLoss(row, label, l.Smoothing, row with { Data = l.Gradient + (r * l.Classes) });
        }

        PutSum(l.Sum, sum);
    }

    // the same over one column of each sequence's tokens
    internal override void Loss(in PositionCrossEntropy l)
    {
        double sum = 0;
        if (!l.Gradient.IsNone) Clear(l.Gradient, (long)l.Rows * l.Columns);
        for (int s = 0; s < l.Sequences; s++)
        {
            int first = IntAt(l.Offsets, s), count = IntAt(l.Offsets, s + 1) - first, position = IntAt(l.Positions, s);
            if ((uint)position >= (uint)count) continue;
            long at = ((long)first * l.Columns) + l.Column;
            var row = new Matrix(l.Logits + at, 1, count, 0, l.Columns);
            sum += RowLoss(row, position, l.Smoothing, row with { Data = l.Gradient + at });
        }

        PutSum(l.Sum, sum);
    }

    // sum of the elements' losses, and their slopes [length]
    internal override void Loss(in ElementLoss l)
    {
        double sum = 0;
        for (long i = 0; i < l.Length; i++)
        {
            double x = At(l.Predictions, i), t = At(l.Targets, i), slope;
            if (l.Kind == ElementLossKind.SquaredError)
            {
                sum += (x - t) * (x - t);
                slope = 2 * (x - t);
            }
            else
            {
                sum += Math.Max(x, 0) - (x * t) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
                slope = (1 / (1 + Math.Exp(-x))) - t;
            }

            if (!l.Gradient.IsNone) At(l.Gradient, i) = (float)slope;
        }

        PutSum(l.Sum, sum);
    }

    private static double RowLoss(in Matrix logits, int label, double smoothing, in Matrix gradient)
    {
        int classes = logits.Columns;
        double maximum = double.NegativeInfinity, sum = 0, spread = 0;
        for (int c = 0; c < classes; c++) maximum = Math.Max(maximum, At(logits, 0, c));
        for (int c = 0; c < classes; c++) sum += Math.Exp(At(logits, 0, c) - maximum);
        double logSum = maximum + Math.Log(sum);
        for (int c = 0; c < classes; c++)
        {
            spread += (logSum - At(logits, 0, c)) / classes;
            double slope = Math.Exp(At(logits, 0, c) - logSum) - (smoothing / classes) - (c == label ? 1 - smoothing : 0);
            if (!gradient.Data.IsNone) At(gradient, 0, c) = (float)slope;
        }

        return ((1 - smoothing) * (logSum - At(logits, 0, label))) + (smoothing * spread);
    }

    private static double[] Summed(DeviceBuffer x, DeviceBuffer residual, in DropoutKey dropout, long row, int columns)
    {
        var h = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            long at = (row * columns) + c;
            // as exact as the mean is kept
            h[c] = residual.IsNone ? At(x, at) : (float)((At(x, at) * Mask(dropout, at)) + At(residual, at));
        }

        return h;
    }

    private static double Length(DeviceBuffer x, long row, int columns)
    {
        double sum = 0;
        for (int c = 0; c < columns; c++) sum += (double)At(x, (row * columns) + c) * At(x, (row * columns) + c);
        return Math.Sqrt(sum);
    }

    private static double Weight(PoolingKind kind, int position, int rows) => kind switch
    {
        PoolingKind.SumOverRoot => 1 / Math.Sqrt(rows),
        PoolingKind.RampMean => (position + 1) / (rows * (rows + 1.0) / 2),
        _ => 1.0 / rows,
    };
}
