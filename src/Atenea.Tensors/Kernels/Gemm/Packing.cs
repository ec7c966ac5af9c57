using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Atenea.Tensors;

/// <summary>
/// Brings the right-hand matrix of a product, B [depth, columns], into panels: panel p holds columns p*width .. of all inner indices, one
/// inner index after another, the last panel filled up with zeros. The micro-kernel then reads B strictly forward.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Floats that the panels of [depth, columns] take.</summary>
    public static long Length(int depth, int columns, int width) => (long)Panels(columns, width) * width * depth;

    /// <summary>Packs B.</summary>
    /// <param name="team">Threads.</param>
    /// <param name="b">[depth, columns], row-major or the transpose of such a matrix: the layout of the weight of a linear layer.</param>
    /// <param name="width">Panel width.</param>
    /// <param name="panels">Where to: <see cref="Length"/> floats.</param>
    public static void Run(WorkerTeam team, in Matrix b, int width, float* panels)
    {
        bool plain = b.ColumnStride == 1; // a single row or column is both
        var job = new Job
        {
            Source = b.Data,
            Stride = plain ? b.RowStride : b.ColumnStride,
            Depth = b.Rows,
            Columns = b.Columns,
            Panels = panels,
            Width = width,
        };
        if (plain) team.Run(Panels(b.Columns, width), &PlainPanel, &job);
        else team.Run(Panels(b.Columns, width), &TransposedPanel, &job);
    }

    private static int Panels(int columns, int width) => (columns + width - 1) / width;

    private static void PlainPanel(void* state, int panel)
    {
        Job job = *(Job*)state;
        int first = panel * job.Width;
        int count = Math.Min(job.Width, job.Columns - first);
        float* target = job.Panels + ((long)first * job.Depth);
        float* source = job.Source + first;
        for (int k = 0; k < job.Depth; k++, source += job.Stride, target += job.Width)
        {
            if (count == job.Width)
            {
                for (int j = 0; j < count; j += 8) Vector256.Load(source + j).Store(target + j);
            }
            else
            {
                for (int j = 0; j < job.Width; j++) target[j] = j < count ? source[j] : 0f;
            }
        }
    }

    private static void TransposedPanel(void* state, int panel)
    {
        Job job = *(Job*)state;
        int first = panel * job.Width;
        int count = Math.Min(job.Width, job.Columns - first);
        float* target = job.Panels + ((long)first * job.Depth);
        float* source = job.Source + (first * job.Stride);
        int whole = Avx.IsSupported ? job.Depth & ~7 : 0;
        for (int j = 0; j < job.Width; j += 8)
        {
            if (j + 8 <= count)
            {
                for (int k = 0; k < whole; k += 8)
                    Transpose8(source + (j * job.Stride) + k, job.Stride, target + ((long)k * job.Width) + j, job.Width);
                Transpose(source + (j * job.Stride), job.Stride, target + j, job.Width, whole, job.Depth, 8);
            }
            else
            {
                Transpose(source + (j * job.Stride), job.Stride, target + j, job.Width, 0, job.Depth, count - j);
            }
        }
    }

    // Eight columns of B; those from `count` on are zeros.
    private static void Transpose(float* source, long stride, float* target, int width, int from, int to, int count)
    {
        for (int k = from; k < to; k++)
        {
            for (int j = 0; j < 8; j++) target[((long)k * width) + j] = j < count ? source[(j * stride) + k] : 0f;
        }
    }

    // An 8x8 block through registers: pairs, quads, halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(float* source, long stride, float* target, int width)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride);
        Vector256<float> r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        Vector256<float> r4 = Vector256.Load(source + (4 * stride)), r5 = Vector256.Load(source + (5 * stride));
        Vector256<float> r6 = Vector256.Load(source + (6 * stride)), r7 = Vector256.Load(source + (7 * stride));
        Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1), p2 = Avx.UnpackLow(r2, r3), p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5), p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> q0 = Avx.Shuffle(p0, p2, 0x44), q1 = Avx.Shuffle(p0, p2, 0xEE);
        Vector256<float> q2 = Avx.Shuffle(p1, p3, 0x44), q3 = Avx.Shuffle(p1, p3, 0xEE);
        Vector256<float> q4 = Avx.Shuffle(p4, p6, 0x44), q5 = Avx.Shuffle(p4, p6, 0xEE);
        Vector256<float> q6 = Avx.Shuffle(p5, p7, 0x44), q7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(q0, q4, 0x20).Store(target);
        Avx.Permute2x128(q1, q5, 0x20).Store(target + width);
        Avx.Permute2x128(q2, q6, 0x20).Store(target + (2L * width));
        Avx.Permute2x128(q3, q7, 0x20).Store(target + (3L * width));
        Avx.Permute2x128(q0, q4, 0x31).Store(target + (4L * width));
        Avx.Permute2x128(q1, q5, 0x31).Store(target + (5L * width));
        Avx.Permute2x128(q2, q6, 0x31).Store(target + (6L * width));
        Avx.Permute2x128(q3, q7, 0x31).Store(target + (7L * width));
    }

    private struct Job
    {
        public float* Source;
        public long Stride;
        public int Depth;
        public int Columns;
        public float* Panels;
        public int Width;
    }
}
