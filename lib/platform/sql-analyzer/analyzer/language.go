package main

import "github.com/goccy/go-googlesql"

// The features of GoogleSQL that BigQuery has for queries. What is not here is not understood: pipes, recursion, time
// travel, table functions, lambdas, graphs, protocol buffers, encryption, differential privacy, FOR UPDATE.
var features = []googlesql.LanguageFeature{
	// Clauses
	googlesql.LanguageFeatureFeatureAnalyticFunctions,
	googlesql.LanguageFeatureFeatureTablesample,
	googlesql.LanguageFeatureFeatureWithOnSubquery,
	googlesql.LanguageFeatureFeatureSelectStarExceptReplace,
	googlesql.LanguageFeatureFeatureOrderByCollate,
	googlesql.LanguageFeatureFeatureNullsFirstLastInOrderBy,
	googlesql.LanguageFeatureFeatureAllowConsecutiveOn,
	googlesql.LanguageFeatureFeaturePivot,
	googlesql.LanguageFeatureFeatureUnpivot,
	googlesql.LanguageFeatureFeatureQualify,
	googlesql.LanguageFeatureFeatureCorresponding,
	googlesql.LanguageFeatureFeatureCorrespondingFull,
	googlesql.LanguageFeatureFeatureByName,
	// Grouping and aggregates
	googlesql.LanguageFeatureFeatureGroupByRollup,
	googlesql.LanguageFeatureFeatureGroupingSets,
	googlesql.LanguageFeatureFeatureGroupingBuiltin,
	googlesql.LanguageFeatureFeatureGroupByAll,
	googlesql.LanguageFeatureFeatureGroupByStruct,
	googlesql.LanguageFeatureFeatureGroupByArray,
	googlesql.LanguageFeatureFeatureOrderByInAggregate,
	googlesql.LanguageFeatureFeatureLimitInAggregate,
	googlesql.LanguageFeatureFeatureHavingInAggregate,
	googlesql.LanguageFeatureFeatureNullHandlingModifierInAggregate,
	googlesql.LanguageFeatureFeatureNullHandlingModifierInAnalytic,
	googlesql.LanguageFeatureFeatureDisableArrayMinAndMax,
	googlesql.LanguageFeatureFeatureDisableArraySumAndAvg,
	// Expressions
	googlesql.LanguageFeatureFeatureSafeFunctionCall,
	googlesql.LanguageFeatureFeatureNamedArguments,
	googlesql.LanguageFeatureFeatureFunctionArgumentsWithDefaults,
	googlesql.LanguageFeatureFeatureCastDifferentArrayTypes,
	googlesql.LanguageFeatureFeatureConcatMixedTypes,
	googlesql.LanguageFeatureFeatureIsDistinct,
	googlesql.LanguageFeatureFeatureFormatInCast,
	googlesql.LanguageFeatureFeatureLikeAnySomeAll,
	googlesql.LanguageFeatureFeatureBareArrayAccess,
	googlesql.LanguageFeatureFeatureEnforceConditionalEvaluation,
	// Types
	googlesql.LanguageFeatureFeatureNumericType,
	googlesql.LanguageFeatureFeatureBignumericType,
	googlesql.LanguageFeatureFeatureDecimalAlias,
	googlesql.LanguageFeatureFeatureCivilTime,
	googlesql.LanguageFeatureFeatureIntervalType,
	googlesql.LanguageFeatureFeatureEnforceMicrosModeInIntervalType,
	googlesql.LanguageFeatureFeatureJsonType,
	googlesql.LanguageFeatureFeatureRangeType,
	googlesql.LanguageFeatureFeatureParameterizedTypes,
	googlesql.LanguageFeatureFeatureDisableFloat32,
	// Functions
	googlesql.LanguageFeatureFeatureWeekWithWeekday,
	googlesql.LanguageFeatureFeatureDateTimeConstructors,
	googlesql.LanguageFeatureFeatureDateArithmetics,
	googlesql.LanguageFeatureFeatureExtendedDateTimeSignatures,
	googlesql.LanguageFeatureFeatureTimeBucketFunctions,
	googlesql.LanguageFeatureFeatureAdditionalStringFunctions,
	googlesql.LanguageFeatureFeatureAllowRegexpExtractOptionals,
	googlesql.LanguageFeatureFeatureRoundWithRoundingMode,
	googlesql.LanguageFeatureFeatureCbrtFunctions,
	googlesql.LanguageFeatureFeatureInverseTrigFunctions,
	googlesql.LanguageFeatureFeatureEnableEditDistanceBytes,
	googlesql.LanguageFeatureFeatureEnableFloatDistanceFunctions,
	googlesql.LanguageFeatureFeatureJsonArrayFunctions,
	googlesql.LanguageFeatureFeatureJsonStrictNumberParsing,
	googlesql.LanguageFeatureFeatureJsonValueExtractionFunctions,
	googlesql.LanguageFeatureFeatureJsonMoreValueExtractionFunctions,
	googlesql.LanguageFeatureFeatureJsonArrayValueExtractionFunctions,
	googlesql.LanguageFeatureFeatureJsonLaxValueExtractionFunctions,
	googlesql.LanguageFeatureFeatureJsonQueryLax,
	googlesql.LanguageFeatureFeatureJsonKeysFunction,
	googlesql.LanguageFeatureFeatureJsonConstructorFunctions,
	googlesql.LanguageFeatureFeatureJsonMutatorFunctions,
	googlesql.LanguageFeatureFeatureEnableConstantExpressionInJsonPath,
	googlesql.LanguageFeatureFeatureToJsonUnsupportedFields,
}

// A language that knows one kind of statement, the query, and BigQuery's features.
func newLanguage() (*googlesql.LanguageOptions, error) {
	language, err := googlesql.NewLanguageOptions()
	if err != nil {
		return nil, err
	}
	steps := []func() error{
		language.DisableAllLanguageFeatures,
		func() error { return language.SetProductMode(googlesql.ProductModeProductExternal) },
		func() error { return language.SetNameResolutionMode(googlesql.NameResolutionModeNameResolutionDefault) },
		func() error {
			return language.SetSupportedStatementKinds([]googlesql.ResolvedNodeKind{googlesql.ResolvedNodeKindResolvedQueryStmt})
		},
		func() error { return language.EnableReservableKeyword("QUALIFY", true) },
	}
	for _, feature := range features {
		steps = append(steps, func() error { return language.EnableLanguageFeature(feature) })
	}
	return language, inOrder(steps)
}

// Rewriting is for engines. Without it the tree that is looked at says what the text says.
var rewrites = []googlesql.ResolvedASTRewrite{
	googlesql.ResolvedASTRewriteRewriteFlatten,
	googlesql.ResolvedASTRewriteRewriteAnonymization,
	googlesql.ResolvedASTRewriteRewriteProtoMapFns,
	googlesql.ResolvedASTRewriteRewriteArrayFilterTransform,
	googlesql.ResolvedASTRewriteRewriteUnpivot,
	googlesql.ResolvedASTRewriteRewritePivot,
	googlesql.ResolvedASTRewriteRewriteArrayIncludes,
	googlesql.ResolvedASTRewriteRewriteTypeofFunction,
	googlesql.ResolvedASTRewriteRewriteWithExpr,
	googlesql.ResolvedASTRewriteRewriteInlineSqlFunctions,
	googlesql.ResolvedASTRewriteRewriteInlineSqlTvfs,
	googlesql.ResolvedASTRewriteRewriteNulliferrorFunction,
	googlesql.ResolvedASTRewriteRewriteLikeAnyAll,
	googlesql.ResolvedASTRewriteRewriteBuiltinFunctionInliner,
	googlesql.ResolvedASTRewriteRewriteInlineSqlViews,
	googlesql.ResolvedASTRewriteRewriteInlineSqlUdas,
	googlesql.ResolvedASTRewriteRewriteGroupingSet,
	googlesql.ResolvedASTRewriteRewriteMultiwayUnnest,
	googlesql.ResolvedASTRewriteRewriteAggregationThreshold,
	googlesql.ResolvedASTRewriteRewriteOrderByAndLimitInAggregate,
	googlesql.ResolvedASTRewriteRewriteIsFirstIsLastFunction,
	googlesql.ResolvedASTRewriteRewriteMatchRecognizeFunction,
}

// Options that know no parameter, named or by position, and no system variable.
func newOptions(language *googlesql.LanguageOptions) (*googlesql.AnalyzerOptions, error) {
	options, err := googlesql.NewAnalyzerOptions2()
	if err != nil {
		return nil, err
	}
	steps := []func() error{
		func() error { return options.SetLanguage(language) },
		func() error { return options.SetAllowUndeclaredParameters(false) },
		func() error { return options.SetErrorMessageMode(googlesql.ErrorMessageModeErrorMessageOneLine) },
	}
	for _, rewrite := range rewrites {
		steps = append(steps, func() error { return options.EnableRewrite(rewrite, false) })
	}
	return options, inOrder(steps)
}

func inOrder(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
