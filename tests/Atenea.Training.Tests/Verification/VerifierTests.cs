using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

public sealed class VerifierTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cases =>
    [
        "bert-base-gelu", "bert-base-minilm", "bert-seq-cls", "bert-seq-cls-multilabel", "bert-seq-cls-regression", "bert-tok-cls",
        "bert-mlm",
        "bert-mlm-untied", "bert-nsp", "bert-pretraining", "bert-multiple-choice", "bert-qa",
        "distilbert-mlm", "roberta-base-pad3", "xlm-roberta-mlm", "camembert-seq-cls", "electra-discriminator", "albert-base-inner2",
        "albert-pretraining",
        "mpnet-base", "deberta-mlm", "deberta-v2-conv-seq-cls",
        "modernbert-mlm", "modernbert-seq-cls-mean", "qwen2-causal-lm-tied", "qwen2-seq-cls", "gpt2-causal-lm", "gpt2-seq-cls-leftpad",
    ];

    public static TheoryData<string> Traces =>
    [
        "bert-seq-cls", "bert-seq-cls-multilabel", "bert-seq-cls-regression", "bert-seq-cls-label-smoothing", "bert-seq-cls-frozen-encoder",
        "bert-mlm-accum2", "bert-mlm-accum2-stock",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tensor_of_a_case_is_within_its_tolerance(string name)
    {
        CaseReport report = Run("cases", name);
        Assert.True(report.Passed, report.ToText());
        Assert.All(report.Checks, check => Assert.Equal(CheckVerdict.Passed, check.Verdict));
        using SafeTensorsFile file = SafeTensorsFile.Open(Golden.File("verify", "cases", name, "case.safetensors"));
        Assert.Equal(OutputNames(file), report.Checks.Select(check => check.Name).Order(StringComparer.Ordinal));
        Assert.Contains(report.Checks, check => check.Name.StartsWith("grad.", StringComparison.Ordinal));
        Assert.InRange(report.MedianErrorRatio!.Value, 0, 3);
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_training_trace_ends_with_the_reference_s_weights(string name)
    {
        CaseReport report = Run("traces", name);
        Assert.True(report.Passed, report.ToText());
        foreach (string series in (string[])["loss", "grad_norm", "learning_rate"])
            Assert.Equal("20 steps", Assert.Single(report.Checks, check => check.Name == series).Shape);
        string[] left = [.. report.Checks.Where(check => check.Verdict == CheckVerdict.NotCompared).Select(check => check.Name)];
        Assert.All(left, weight => Assert.EndsWith("attention.self.key.bias", weight, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bert-base-gelu", "encoder.layer.1.output.dense.weight")]
    [InlineData("bert-seq-cls", "classifier.bias")]
    public void A_case_with_one_altered_weight_fails(string name, string weight)
    {
        using var folder = new TemporaryFolder();
        string copy = CopyWithAlteredWeight(Golden.File("verify", "cases", name), folder.File(name), "model.safetensors", weight, 1e-3f);
        using var backend = Backend.Create(threads: 1);
        CaseReport report = Verifier.RunCase(copy, backend);
        Assert.False(report.Passed);
        Assert.Contains(report.Checks, check => check.Verdict == CheckVerdict.Failed);
    }

    [Fact]
    public void A_trace_with_one_altered_weight_fails()
    {
        using var folder = new TemporaryFolder();
        string copy = CopyWithAlteredWeight(
            Golden.File("verify", "traces", "bert-seq-cls"), folder.File("trace"), Path.Combine("initial", "model.safetensors"),
                "bert.pooler.dense.weight", 1e-3f);
        using var backend = Backend.Create(threads: 1);
        Assert.False(Verifier.RunCase(copy, backend).Passed);
    }

    [Fact]
    public void The_output_file_has_the_case_s_names_and_shapes_and_zeros_at_padding()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("out.safetensors");
        Run("cases", "bert-seq-cls").SaveOutputs(path);
        using SafeTensorsFile reference = SafeTensorsFile.Open(Golden.File("verify", "cases", "bert-seq-cls", "case.safetensors"));
        using SafeTensorsFile written = SafeTensorsFile.Open(path);
        Assert.Equal(OutputNames(reference), written.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(written.Tensors.Values, info => Assert.Equal(reference.Info(info.Name).Shape, info.Shape));

        long[] mask = reference.ReadInt64("input.attention_mask");
        float[] hidden = written.ReadFloats("hidden_states.2");
        int features = hidden.Length / mask.Length;
        Assert.Contains(0L, mask);
        for (int cell = 0; cell < mask.Length; cell++)
            Assert.Equal(mask[cell] == 0, hidden.AsSpan(cell * features, features).IndexOfAnyExcept(0f) < 0);
    }

    [Fact]
    public void The_output_file_of_a_trace_has_the_final_weights()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("out.safetensors");
        Run("traces", "bert-seq-cls").SaveOutputs(path);
        using SafeTensorsFile reference = SafeTensorsFile.Open(Golden.File("verify", "traces", "bert-seq-cls", "final.safetensors"));
        using SafeTensorsFile written = SafeTensorsFile.Open(path);
        Assert.Equal(reference.Tensors.Keys.Order(StringComparer.Ordinal), written.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(written.Tensors.Values, info => Assert.Equal(reference.Info(info.Name).Shape, info.Shape));
    }

    [Fact]
    public void What_depends_on_weights_that_the_checkpoint_lacks_is_not_compared()
    {
        using var folder = new TemporaryFolder();
        string source = Golden.File("verify", "cases", "bert-seq-cls");
        string copy = folder.File("headless");
        CopyFolder(source, copy);
        var writer = new SafeTensorsWriter();
        using (SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(source, "model.safetensors")))
        {
            foreach (SafeTensorInfo info in file.Tensors.Values.Where(info => !info.Name.StartsWith("classifier",
                StringComparison.Ordinal)))
                writer.Add(info.Name, info.Shape, file.ReadFloats(info.Name).AsMemory());
        }

        writer.Save(Path.Combine(copy, "model.safetensors"));
        using var backend = Backend.Create(threads: 1);
        CaseReport report = Verifier.RunCase(copy, backend);
        Assert.True(report.Passed, report.ToText());
        Assert.All(report.Checks, check => Assert.Equal(
            check.Name.StartsWith("hidden_states", StringComparison.Ordinal)
                || check.Name.StartsWith("attentions", StringComparison.Ordinal),
            check.Verdict == CheckVerdict.Passed));
    }

    [Fact]
    public void A_folder_with_outputs_of_its_own_is_compared_with_these()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.File("own");
        CopyFolder(Golden.File("verify", "cases", "bert-seq-cls"), copy);
        float[] logits;
        using (SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(copy, "case.safetensors")))
        {
            logits = file.ReadFloats("logits");
            WriteOwn(file.Info("logits").Shape, 0);
            using var backend = Backend.Create(threads: 1);
            CaseReport same = Verifier.RunCase(copy, backend);
            Assert.True(same.Passed, same.ToText());
            Assert.All(same.Checks, check => Assert.Equal(check.Name == "logits", check.Verdict == CheckVerdict.Passed));
            WriteOwn(file.Info("logits").Shape, 1e-3f);
            Assert.False(Verifier.RunCase(copy, backend).Passed);
        }

        void WriteOwn(long[] shape, float change)
        {
            logits[0] += change;
            var writer = new SafeTensorsWriter();
            writer.Add("logits", shape, logits.AsMemory());
            writer.Save(Path.Combine(copy, "expected.safetensors"));
        }
    }

    [Fact]
    public void A_case_without_case_json_is_measured_by_its_own_magnitudes()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.File("bare");
        CopyFolder(Golden.File("verify", "cases", "bert-seq-cls"), copy);
        File.Delete(Path.Combine(copy, "case.json"));
        using var backend = Backend.Create(threads: 1);
        CaseReport report = Verifier.RunCase(copy, backend);
        Assert.Null(report.MedianErrorRatio);
        Assert.All(report.Checks, check => Assert.Equal(Math.Max(2e-6 * check.ReferenceMaxAbs, 1e-6), check.Tolerance));
    }

    [Theory]
    [InlineData("BertLMHeadModel", "bert")]
    [InlineData("T5Model", "t5")]
    public void A_class_that_is_not_built_is_named_and_does_not_end_the_other_cases(string className, string family)
    {
        using var folder = new TemporaryFolder();
        string copy = folder.File("other");
        CopyFolder(Golden.File("verify", "cases", "bert-seq-cls"), copy);
        Replace(Path.Combine(copy, "case.json"), "\"BertForSequenceClassification\"", $"\"{className}\"");
        Replace(Path.Combine(copy, "config.json"), "\"model_type\": \"bert\"", $"\"model_type\": \"{family}\"");
        using var backend = Backend.Create(threads: 1);
        VerificationReport report = Verifier.Run([copy, Golden.File("verify", "cases", "bert-seq-cls")], backend);
        Assert.False(report.Passed);
        Assert.Equal(Catalogue.ModelClassUnsupported, report.Cases[0].Failure!.Code);
        Assert.Contains(className, report.Cases[0].Failure!.Message, StringComparison.Ordinal);
        Assert.True(report.Cases[1].Passed);
        Assert.Contains("1 of 2 cases passed", report.ToText(), StringComparison.Ordinal);
        Assert.Equal("ATN0509", report.ToJson()["cases"]![0]!["error"]!["code"]!.GetValue<string>());
    }

    [Theory]
    [Trait("Category", "Slow")]
    [Trait("Data", "Goldens")]
    [InlineData("models")]
    [InlineData("models/training")]
    public void Every_case_passes_and_its_error_is_PyTorch_s(string folder)
    {
        string cases = Path.Combine(References.Folder, folder);
        if (References.Given is not null) Assert.SkipUnless(Directory.Exists(cases), $"{References.Given} has no {folder}");
        using var backend = Backend.Create(threads: 2);
        VerificationReport report = Verifier.Run([cases], backend);
        Assert.True(report.Passed, report.ToText());
        output.WriteLine(report.Summary());
        Assert.InRange(report.MedianErrorRatio!.Value, 0, 1.1);
    }

    [Fact]
    public void A_folder_of_cases_means_its_cases()
    {
        using var backend = Backend.Create(threads: 1);
        var names = new List<string>();
        VerificationReport report = Verifier.Run([Golden.File("verify", "traces")], backend, finished => names.Add(finished.Name));
        Assert.Equal(Traces.Select(row => row.Data).Order(StringComparer.Ordinal), names);
        Assert.True(report.Passed, report.ToText());
    }

    [Fact]
    public void A_folder_without_a_case_and_a_broken_case_are_coded_errors()
    {
        using var folder = new TemporaryFolder();
        using var backend = Backend.Create(threads: 1);
        Assert.Equal(Catalogue.FileMissing, Assert.Throws<AteneaException>(() => Verifier.Run([folder.File("none")], backend)).Code);
        Assert.Equal(Catalogue.VerificationCaseInvalid, Assert.Throws<AteneaException>(() => Verifier.Run([folder.Path], backend)).Code);

        string copy = folder.File("broken");
        CopyFolder(Golden.File("verify", "traces", "bert-seq-cls"), copy);
        Replace(Path.Combine(copy, "trace.json"), "\"clip_grad_norm\"", "\"clip\"");
        AteneaException missing = Assert.Throws<AteneaException>(() => Verifier.RunCase(copy, backend));
        Assert.Equal(Catalogue.VerificationCaseInvalid, missing.Code);
        Assert.Contains("clip_grad_norm", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_no_number_fails()
    {
        var computed = new ComputedTensor("x", [2], [float.NaN, 1f]);
        Assert.Equal(CheckVerdict.Failed, TensorCheck.Compare(computed, [0f, 1f], noise: 1).Verdict);
        var padded = new ComputedTensor("x", [2], [float.NaN, 1f], [false, true]);
        Assert.Equal(CheckVerdict.Passed, TensorCheck.Compare(padded, [0f, 1f], noise: 1).Verdict);
    }

    private static CaseReport Run(string kind, string name)
    {
        using var backend = Backend.Create(threads: 2);
        return Verifier.RunCase(Golden.File("verify", kind, name), backend);
    }

    private static IEnumerable<string> OutputNames(SafeTensorsFile file) => file.Tensors.Keys
        .Where(name => !name.StartsWith("input.", StringComparison.Ordinal) && !name.StartsWith("label", StringComparison.Ordinal)
            && !name.StartsWith("loss_weights.", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string CopyWithAlteredWeight(string source, string target, string weights, string altered, float change)
    {
        CopyFolder(source, target);
        var writer = new SafeTensorsWriter();
        using (SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(source, weights)))
        {
            foreach (SafeTensorInfo info in file.Tensors.Values)
            {
                float[] values = file.ReadFloats(info.Name);
                if (info.Name == altered) values[0] += change;
                writer.Add(info.Name, info.Shape, values.AsMemory());
            }
        }

        writer.Save(Path.Combine(target, weights));
        return target;
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Replace(string path, string old, string replacement)
    {
        string text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }
}
