namespace Atenea.Tensors;

/// <summary>The AdamW update, in the order of PyTorch: decay, moments, bias-corrected step.</summary>
public static class AdamW
{
    /// <summary>
    /// p *= 1 - lr * wd; m += (1 - b1)(g - m); v = b2 v + (1 - b2) g^2; p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps), with g
    /// the parameter's gradient times <paramref name="gradientScale"/>. A parameter whose step had no gradient is left alone, as in
    /// PyTorch. The decay and the step are subtracted together, rounded once: lr * wd is of the order of float's rounding, so that 1 - lr *
    /// wd would be wrong by some ten percent of the decay.
    /// </summary>
    /// <param name="backend">Runs it.</param>
    /// <param name="parameter">What to update.</param>
    /// <param name="firstMoment">m, as long as the parameter; zeros before the first step.</param>
    /// <param name="secondMoment">v, as long as the parameter; zeros before the first step.</param>
    /// <param name="settings">Rates of this step.</param>
    /// <param name="gradientScale">Factor of gradient clipping, usually 1.</param>
    public static void Step(
        Backend backend, Parameter parameter, DeviceArray firstMoment, DeviceArray secondMoment, in AdamWSettings settings,
        float gradientScale)
    {
        if (!parameter.HasGradient) return;
        double correction1 = 1 - Math.Pow(settings.Beta1, settings.Step), correction2 = 1 - Math.Pow(settings.Beta2, settings.Step);
        backend.Update(new AdamWUpdate
        {
            Length = parameter.Length,
            P = parameter.ForWriting(backend),
            G = parameter.GradientOn(backend),
            M = firstMoment.On(backend.Memory),
            V = secondMoment.On(backend.Memory),
            GradientScale = gradientScale,
            Decay = (float)(settings.LearningRate * settings.WeightDecay),
            Blend1 = (float)(1 - settings.Beta1),
            Beta2 = (float)settings.Beta2,
            Blend2 = (float)(1 - settings.Beta2),
            RootFactor = (float)(1 / Math.Sqrt(correction2)),
            Epsilon = (float)settings.Epsilon,
            StepSize = (float)(settings.LearningRate / correction1),
        });
    }
}
