using System.Runtime.CompilerServices;

namespace Atenea.Tensors;

/// <summary>The AdamW update, in the order of PyTorch: decay, moments, bias-corrected step. One pass over memory.</summary>
public static unsafe class AdamW
{
    private const int ChunkElements = 8192; // four streams of 32 KiB

    /// <summary>
    /// p *= 1 - lr * wd; m += (1 - b1)(g - m); v = b2 v + (1 - b2) g^2; p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps), with g
    /// the parameter's gradient times <paramref name="gradientScale"/>. Marks the parameter changed. A parameter whose step had no gradient
    /// is left alone, as in PyTorch. The decay and the step are subtracted together, rounded once: lr * wd is of the order of float's
    /// rounding, so that 1 - lr * wd would be wrong by some ten percent of the decay.
    /// </summary>
    /// <param name="backend">Runs fixed chunks of the parameter.</param>
    /// <param name="parameter">What to update.</param>
    /// <param name="firstMoment">m, as long as the parameter; zeros before the first step.</param>
    /// <param name="secondMoment">v, as long as the parameter; zeros before the first step.</param>
    /// <param name="settings">Rates of this step.</param>
    /// <param name="gradientScale">Factor of gradient clipping, usually 1.</param>
    public static void Step(
        Backend backend, Parameter parameter, float* firstMoment, float* secondMoment, in AdamWSettings settings, float gradientScale)
    {
        if (!parameter.HasGradient) return;
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step), correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        var state = new State
        {
            P = parameter.Data,
            G = parameter.Gradient,
            M = firstMoment,
            V = secondMoment,
            Length = parameter.Length,
            GradientScale = gradientScale,
            Decay = (float)(settings.LearningRate * settings.WeightDecay),
            Blend1 = (float)(1 - settings.Beta1),
            Beta2 = (float)settings.Beta2,
            Blend2 = (float)(1 - settings.Beta2),
            RootFactor = (float)(1 / Math.Sqrt(correction2)),
            Epsilon = (float)settings.Epsilon,
            StepSize = (float)(settings.LearningRate / correction1),
        };
        delegate*<void*, int, void> body = Isa.Current switch
        {
            InstructionSet.Avx512 => &Chunk<Lanes512>,
            InstructionSet.Avx2 => &Chunk<Lanes256>,
            _ => &Chunk<LanesPortable>,
        };
        backend.Team.Run(checked((int)((state.Length + ChunkElements - 1) / ChunkElements)), body, &state);
        parameter.MarkChanged();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chunk<T>(void* shared, int chunk)
        where T : struct, ILanes<T>
    {
        var state = (State*)shared;
        long first = (long)chunk * ChunkElements;
        int count = (int)Math.Min(ChunkElements, state->Length - first);
        float* p = state->P + first;
        float* g = state->G + first;
        float* m = state->M + first;
        float* v = state->V + first;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            T m1 = T.Load(m + i), v1 = T.Load(v + i);
            T p1 = Update(state, T.Load(p + i), T.Load(g + i), ref m1, ref v1);
            m1.Store(m + i);
            v1.Store(v + i);
            p1.Store(p + i);
        }

        if (i == count) return;
        int rest = count - i;
        T m2 = T.LoadPartial(m + i, rest), v2 = T.LoadPartial(v + i, rest);
        T p2 = Update(state, T.LoadPartial(p + i, rest), T.LoadPartial(g + i, rest), ref m2, ref v2);
        m2.StorePartial(m + i, rest);
        v2.StorePartial(v + i, rest);
        p2.StorePartial(p + i, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Update<T>(State* state, T p, T g, ref T m, ref T v)
        where T : struct, ILanes<T>
    {
        g *= T.Broadcast(state->GradientScale);
        m = T.MultiplyAdd(g - m, T.Broadcast(state->Blend1), m);
        v = T.MultiplyAdd(g * T.Broadcast(state->Blend2), g, v * T.Broadcast(state->Beta2));
        T root = T.MultiplyAdd(T.Sqrt(v), T.Broadcast(state->RootFactor), T.Broadcast(state->Epsilon));
        return p - T.MultiplyAdd(T.Broadcast(state->StepSize), m / root, p * T.Broadcast(state->Decay));
    }

    private struct State
    {
        public float* P;
        public float* G;
        public float* M;
        public float* V;
        public long Length;
        public float GradientScale;
        public float Decay;
        public float Blend1;
        public float Beta2;
        public float Blend2;
        public float RootFactor;
        public float Epsilon;
        public float StepSize;
    }
}
