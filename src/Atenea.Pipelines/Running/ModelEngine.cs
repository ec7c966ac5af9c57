using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>Engines over the models of one task.</summary>
internal static class ModelEngine
{
    /// <summary>Loads a model with a trained head for its task, and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like.</param>
    /// <exception cref="AteneaException">As for the engine's constructor; there is no trained head for the task (ATN0551).</exception>
    public static PipelineEngine<T> Load<T>(string model, PipelineOptions options)
        where T : Model =>
        new(model, options, folder => ModelLoader.Load<T>(folder, new ModelLoadOptions { RequireTrainedHead = true }), MaxPositions);

    /// <summary>Loads a bare encoder and its tokenizer.</summary>
    /// <inheritdoc cref="Load{T}"/>
    public static PipelineEngine<BaseModel> LoadEncoder(string model, PipelineOptions options) =>
        // A pooler that was never trained does not matter: it is not asked.
        new(model, options, folder => ModelLoader.Load<BaseModel>(folder), MaxPositions);

    private static int MaxPositions(Model model) => model.Encoder.MaxPositions;
}
