using System.Diagnostics;

namespace Atenea.Tensors.Reference;

/// <summary>
/// Every primitive once more: slow, scalar, sums in double precision, straight from its definition, the forward pass above its backward
/// pass. It shares no kernel with the processor's back ends and has a memory of its own. What agrees with it is right; what runs on it
/// knows nothing of a device.
/// </summary>
public sealed partial class ReferenceBackend : Backend
{
    public ReferenceBackend()
        : base("reference", new ReferenceMemory(), threads: 1)
    {
    }

    internal override string PackedFormat => "";

    internal override long PackedLength(int depth, int columns) => 0; // matrices are taken as they lie

    internal override void Pack(in Matrix matrix, DeviceBuffer packed) => throw new UnreachableException();

    // C [rows, columns] = f(A [rows, depth] B [depth, columns] + bias [columns]), or C += A B
    internal override void Multiply(in Product p)
    {
        for (int i = 0; i < p.A.Rows; i++)
        {
            for (int j = 0; j < p.B.Columns; j++)
            {
                double sum = p.Bias.IsNone ? 0 : At(p.Bias, j);
                for (int k = 0; k < p.A.Columns; k++) sum += (double)At(p.A, i, k) * At(p.B, k, j);
                if (!p.PreActivation.IsNone) At(p.PreActivation, (i * p.C.RowStride) + j) = (float)sum;
                ref float c = ref At(p.C, i, j);
                c = p.Accumulate ? (float)(c + sum) : (float)ExactActivation.Of(p.Activation, sum);
            }
        }
    }

    internal override void Clear(DeviceBuffer buffer, long length) => ReferenceMemory.Of<float>(buffer, length).Clear();

    // y [length] (+)= factor * x
    internal override void Scale(in Scaling s)
    {
        for (long i = 0; i < s.Length; i++) Put(s.Y, i, (double)s.Factor * At(s.X, i));
    }

    // y [length] = a + b
    internal override void Add(in Sum s)
    {
        for (long i = 0; i < s.Length; i++) At(s.Y, i) = At(s.A, i) + At(s.B, i);
    }

    // y [rows, columns] (+)= x
    internal override void Copy(in MatrixCopy c)
    {
        for (int i = 0; i < c.X.Rows; i++)
        {
            for (int j = 0; j < c.X.Columns; j++) At(c.Y, i, j) = At(c.X, i, j) + (c.Accumulate ? At(c.Y, i, j) : 0);
        }
    }

    // y [length] (+)= x * mask
    internal override void Drop(in Dropping d)
    {
        for (long i = 0; i < d.Length; i++) Put(d.Y, i, At(d.X, i) * Mask(d.Key, i));
    }

    // sum [columns] (+)= sum over rows of x [rows, columns]
    internal override void SumColumns(in ColumnSums s)
    {
        for (int c = 0; c < s.X.Columns; c++)
        {
            double sum = 0;
            for (int r = 0; r < s.X.Rows; r++) sum += At(s.X, r, c);
            Put(s.Sum, c, sum);
        }
    }

    // y [length] = f(x)
    internal override void Activate(in ActivationForward a)
    {
        for (long i = 0; i < a.Length; i++) At(a.Y, i) = (float)ExactActivation.Of(a.F, At(a.X, i));
    }

    // dx [length] (+)= f'(x) dy
    internal override void Activate(in ActivationBackward a)
    {
        for (long i = 0; i < a.Length; i++) Put(a.InputGradient, i, ExactActivation.Slope(a.F, At(a.X, i)) * At(a.OutputGradient, i));
    }

    // y [rows, columns] = f(gate) * up; x [rows, 2 columns] = gate, up
    internal override void ActivateGated(in GatedActivationForward a)
    {
        for (long r = 0; r < a.Rows; r++)
        {
            long gate = 2 * r * a.Columns, up = gate + a.Columns;
            for (int c = 0; c < a.Columns; c++)
                At(a.Y, (r * a.Columns) + c) = (float)(ExactActivation.Of(a.F, At(a.X, gate + c)) * At(a.X, up + c));
        }
    }

    // dgate (+)= dy * up * f'(gate), dup (+)= dy * f(gate)
    internal override void ActivateGated(in GatedActivationBackward a)
    {
        for (long r = 0; r < a.Rows; r++)
        {
            long gate = 2 * r * a.Columns, up = gate + a.Columns;
            for (int c = 0; c < a.Columns; c++)
            {
                double dy = At(a.OutputGradient, (r * a.Columns) + c), g = At(a.X, gate + c);
                Put(a.InputGradient, gate + c, dy * At(a.X, up + c) * ExactActivation.Slope(a.F, g));
                Put(a.InputGradient, up + c, dy * ExactActivation.Of(a.F, g));
            }
        }
    }

    // p -= step * m / (sqrt(v) * root + epsilon) + decay * p; all [length]
    internal override void Update(in AdamWUpdate u)
    {
        for (long i = 0; i < u.Length; i++)
        {
            double g = (double)u.GradientScale * At(u.G, i);
            ref float p = ref At(u.P, i), m = ref At(u.M, i), v = ref At(u.V, i);
            m = (float)(m + (u.Blend1 * (g - m)));
            v = (float)((u.Beta2 * (double)v) + (u.Blend2 * g * g));
            p = (float)(p - ((u.StepSize * (double)m / ((Math.Sqrt(v) * u.RootFactor) + u.Epsilon)) + (u.Decay * (double)p)));
        }
    }

    // sum = sum of x^2; x [length]
    internal override void SumSquares(in SquaredSum s)
    {
        double sum = 0;
        for (long i = 0; i < s.Length; i++) sum += (double)At(s.X, i) * At(s.X, i);
        PutSum(s.Sum, sum);
    }

    protected override void Dispose(bool disposing)
    {
    }

    private static ref float At(DeviceBuffer buffer, long element) => ref ReferenceMemory.Of<float>(buffer + element, 1)[0];

    private static ref float At(in Matrix matrix, int row, int column) =>
        ref At(matrix.Data, (row * matrix.RowStride) + (column * matrix.ColumnStride));

    private static int IntAt(DeviceBuffer buffer, long element) => ReferenceMemory.Of<int>(buffer + element, 1)[0];

    /// <summary>Writes one element of a share of a gradient; nothing where nobody wants it.</summary>
    private static void Put(GradientShare share, long element, double value)
    {
        if (share.IsUnwanted) return;
        ref float target = ref At(share.Data, element);
        target = (float)(share.Accumulate ? target + value : value);
    }

    private static void PutSum(DeviceBuffer sum, double value) => ReferenceMemory.Of<double>(sum, 1)[0] = value;

    private static double Mask(in DropoutKey key, long element) =>
        key.Probability == 0 ? 1 : ReferencePhilox.Multiplier(key.Seed, key.Step, key.Site, key.Probability, element);
}
